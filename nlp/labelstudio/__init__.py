"""Annotating in Label Studio: its server, our labelling interface, passages there and annotations back.

`interface` writes the labelling interface from the schemes, `exchange` turns passages into tasks and answers into annotations,
`client` speaks with the server, `traffic` pushes and pulls without loss or doubles, `server` sets up and runs a local one.
Label Studio itself lives in an environment of its own; nothing here imports it. The guide is README.md beside this file.
"""
