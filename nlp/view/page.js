// Streamlit speaks English only: its words on this page in Dutch, as they appear. What came with a document is let be.
(() => {
  const DUTCH = [
    [/^Upload$/, "Kies een bestand"],
    [/^Drag and drop a file here$/, "Laat het bestand hier los"],
    [/^file upload$/, "bestand kiezen"],
    [/^add icon$/, ""],
    [/^Add files$/, "Kies een ander bestand"],
    [/^Remove (.*)$/s, "Verwijder $1"],
    [/^(\d+)MB per file$/, "of sleep het hierheen"],
    [/^File must be ([\d.]+?)(?:\.0)?MB or smaller\.$/, "Te groot: hoogstens $1 MB."],
    [/^Error: $/, "Fout: "],
    [/^Press (.*)\+Enter to submit form$/, "$1 + Enter"],
    [/^Expand sidebar$/, "Toon de zijbalk"],
    [/^Collapse sidebar$/, "Verberg de zijbalk"],
    [/^Sidebar$/, "Zijbalk"],
    [/^Skip to main content$/, "Naar het rapport"],
    [/^Running\.\.\.$/, "Bezig"],
    [/^Close$/, "Sluit"],
    [/^Copy to clipboard$/, "Kopieer"],
    [/^Connection error$/, "Geen verbinding"],
    [/^(Streamlit server is not responding|Is Streamlit still running|Connection timed out).*$/s, "Doelwijzer antwoordt niet: is het gestopt? Start het opnieuw met „doelwijzer view”."],
    [/^streamlit run .*$/, "doelwijzer view"],
  ];
  const OF_DOCUMENTS = "[data-testid=stHtml], [data-testid=stFileChipName], [data-testid=stCode], textarea";
  const NAMES = ["aria-label", "title", "alt"];

  const dutch = (text) => {
    const found = DUTCH.find(([english]) => english.test(text));
    return found ? text.replace(found[0], found[1]) : text;
  };
  const translateText = (node) => {
    if (node.parentElement?.closest(OF_DOCUMENTS)) return;
    const said = dutch(node.data);
    if (said !== node.data) node.data = said;
  };
  const translateNames = (element) => {
    for (const name of NAMES) {
      const before = element.getAttribute(name);
      if (before && dutch(before) !== before) element.setAttribute(name, dutch(before));
    }
  };
  const translate = (root) => {
    if (root.nodeType === Node.TEXT_NODE) return translateText(root);
    if (root.nodeType !== Node.ELEMENT_NODE) return;
    translateNames(root);
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      node.nodeType === Node.TEXT_NODE ? translateText(node) : translateNames(node);
    }
  };

  if (document.documentElement.lang === "nl") return; // the script runs at each step; once is enough
  document.documentElement.lang = "nl";
  translate(document.body);
  new MutationObserver((changes) => {
    for (const { type, target, addedNodes } of changes) {
      if (type === "childList") addedNodes.forEach(translate);
      else if (type === "attributes") translateNames(target);
      else translateText(target);
    }
  }).observe(document.body, { subtree: true, childList: true, characterData: true, attributeFilter: NAMES });
})();
