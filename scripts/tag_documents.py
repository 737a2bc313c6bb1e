"""Tag documents (PDF, DOCX, XML, HTML, TXT; files or folders): one line per passage. The same as `doelwijzer tag`."""

from nlp.console import script, tag_documents

if __name__ == "__main__":
    script(tag_documents)
