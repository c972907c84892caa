"""What a course is: its manifest and catalog, texts, stubs, pictures, data sets, glossary."""
