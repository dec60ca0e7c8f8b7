"""Reading what people keep in tables and lists: CSV, workbooks and JSON, row by row, without ever holding a file whole.

What a spreadsheet has spoilt is found here, and every fault is named with the place where the person sees it.
"""
