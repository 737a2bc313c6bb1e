"""The Dutch language pipeline: where sentences end (`sentences`, no libraries), and the same for spaCy (`pipeline`)."""
