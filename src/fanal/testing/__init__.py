"""For people who write plug-ins and for the demo: published checks, and a simulator of channels.

`simulator.write` makes a folder of invented sample material whose truth is known;
`coder_checks`, `exporter_checks` and the checks of the other families run on any plug-in;
`load.generate` makes documents for timing.
"""
