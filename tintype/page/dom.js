/**
 * Creates an element with attributes and children. An attribute whose name begins with `on` is a listener. The value
 * `false` or `undefined` omits an attribute; `true` sets it without a value.
 */
export function element(name, attributes = {}, ...children) {
  const created = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) {
      created.addEventListener(key.slice(2), value);
    } else if (value !== false && value !== undefined) {
      created.setAttribute(key, value === true ? "" : value);
    }
  }
  created.append(...children);
  return created;
}

/** Announces a text to users of screen readers. */
export function announce(sentence) {
  document.getElementById("announcer").textContent = sentence;
}

/** A button that copies `text()`. Without access to the clipboard, it selects the content of `shown` instead. */
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
