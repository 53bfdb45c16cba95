// Keys of the review page: each presses a button that is there without it. What is sent goes through htmx.
"use strict";
(() => {
  const one = (selector, from = document) => from.querySelector(selector);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const said = () => { one("#told").textContent = one("#desk").dataset.told; };
  let at = 0; // place in the list of what has the focus

  function show(subject) {
    all("mark.now").forEach((mark) => mark.classList.remove("now"));
    const marks = all(`mark[data-subject="${subject.dataset.subject}"]`);
    marks.forEach((mark) => mark.classList.add("now"));
    const text = one("#text");
    if (marks[0] && getComputedStyle(text).overflowY === "auto") {
      const box = marks[0].getBoundingClientRect(), around = text.getBoundingClientRect();
      text.scrollTop += box.top - around.top - around.height / 3;
    }
  }

  function go(number) {
    const list = all(".subject");
    if (!list.length) return one(".confirm button").focus();
    at = Math.max(0, Math.min(number, list.length - 1));
    list[at].focus();
    list[at].scrollIntoView({ block: "nearest" });
  }

  // The place of a point of the text: its turn, and how many characters stand before it.
  function place(node, offset) {
    const holder = (node.nodeType === 3 ? node.parentElement : node).closest("[data-start]");
    if (!holder) return null;
    const before = document.createRange();
    before.setStart(holder, 0);
    before.setEnd(node, offset);
    const start = Number(holder.dataset.start) + [...before.toString()].length;
    return { turn: holder.closest(".turn").dataset.turn, at: start };
  }

  function chosen(here) {
    const selection = getSelection();
    if (selection.isCollapsed || !one("#text").contains(selection.anchorNode)) return false;
    const range = selection.getRangeAt(0);
    const start = place(range.startContainer, range.startOffset);
    const stop = place(range.endContainer, range.endOffset);
    const form = one("#selected");
    if (!start || !stop || start.turn !== stop.turn) return false;
    form.elements.text.value = selection.toString().trim();
    form.elements.turn.value = here ? start.turn : -1;
    form.elements.start.value = start.at;
    form.elements.stop.value = stop.at;
    form.requestSubmit();
    return true;
  }

  function press(key) {
    const subject = document.activeElement.closest(".subject") || all(".subject")[at];
    const button = subject && one(`button[aria-keyshortcuts="${key}"]`, subject);
    if (button) button.click();
  }

  const keys = {
    n: () => go(document.activeElement.closest(".subject") ? at + 1 : at),
    p: () => go(at - 1),
    ArrowDown: () => go(at + 1),
    ArrowUp: () => go(at - 1),
    m: () => chosen(false) || press("m"),
    h: () => chosen(true),
    k: () => press("k"),
    r: () => press("r"),
    u: () => one('.undo button').click(),
    "/": () => one("#typed").focus(),
  };

  document.addEventListener("keydown", (event) => {
    const within = event.target.closest("#desk");
    if (!within || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("input, textarea, select")) {
      if (event.key === "Escape") go(at);
      return;
    }
    if (event.key.startsWith("Arrow") && !event.target.closest(".subject")) return;
    const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  document.addEventListener("focusin", (event) => {
    const subject = event.target.closest(".subject");
    if (!subject) return;
    at = all(".subject").indexOf(subject);
    show(subject);
  });
  document.addEventListener("htmx:afterSettle", () => { said(); go(at); one("#desk").dataset.settled = "yes"; });
})();
