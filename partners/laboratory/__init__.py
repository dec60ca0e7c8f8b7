"""The laboratories' own tool: a workbook is checked, its reports are published, and each is seen to be answered.

A file is read twice over: the first time every row is checked and nothing is sent; what was checked is put aside, and
exactly that is sent. What was sent and what was answered is remembered on the laboratory's machine, so that the same
command may be run again at any time.
"""
