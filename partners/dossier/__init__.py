"""The dossier (案卷) of a case on the agency's side: what an officer writes, the documents made of it, the archive.

``report`` is what the officer writes in one file, with the fields that hold personal data marked (``personal``).
``documents`` renders the transfer letter, the investigation report and the list of goods to PDF; ``archive`` writes the
whole dossier as one file that states its own contents, and ``checking`` says what is wrong with such a file.
"""
