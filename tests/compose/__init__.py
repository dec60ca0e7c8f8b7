"""The composition, really run: these tests need an engine and its images, and are left out where those are not."""
