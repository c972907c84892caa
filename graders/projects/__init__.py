"""The course's projects: `course check --full` runs several exercises' files together by these modules."""
