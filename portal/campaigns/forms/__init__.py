"""The four steps of the campaign editor as forms. A form reads a draft into fields, and fields into a change of it."""
