/**
 * An element with attributes and children. An attribute that begins with `on` is a listener; one that is
 * `false` or `undefined` is left out, one that is `true` is set without a value.
 */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) {
      made.addEventListener(key.slice(2), value);
    } else if (value !== false && value !== undefined) {
      made.setAttribute(key, value === true ? "" : value);
    }
  }
  made.append(...children);
  return made;
}

/** Tells users of screen readers what has just happened. */
export function announce(sentence) {
  document.getElementById("announcer").textContent = sentence;
}

/** A button that copies what `text()` gives; where the clipboard is out of reach it selects `shown` instead. */
export function copyButton(label, text, shown) {
  const button = element("button", { type: "button", onclick: copy }, label);
  async function copy() {
    try {
      await navigator.clipboard.writeText(text());
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(shown);
      button.textContent = "Selected";
    }
    announce(`${button.textContent}.`);
    setTimeout(() => (button.textContent = label), 1500);
  }
  return button;
}
