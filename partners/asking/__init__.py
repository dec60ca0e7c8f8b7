"""Asking the exchange for something, as one person or laboratory, and reading its answers.

What is asked is checked and put aside whole before anything is sent; exactly that is sent, many together. What was sent
and what was answered is remembered on this machine, so that the same command may be run again at any time. The event
id follows from the key and from what is asked, so that asking again is the same request: nobody else can guess the id,
and the exchange does everything once.
"""
