"""What a system and an installation offer: files written whole, the user's folders, shells, libraries."""
