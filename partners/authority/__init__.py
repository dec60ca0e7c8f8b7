"""The tools of the police and the procuratorate: they follow their cases, look at them, and answer.

What the exchange tells an authority is kept on its own machine, byte for byte as it came: that document is the
evidence. An answer is one event under the authority's own key; the version of the case that it speaks of is that of
the last event that was kept.
"""
