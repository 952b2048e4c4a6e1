import { element } from "../dom.js";

/** Asks a question in a dialog. Resolves to `true` if the user chooses `action`. */
export async function confirm(question, detail, action) {
  const answer = await open(question, element("p", {}, detail), { action, isDangerous: true });
  return answer !== undefined;
}

/** Asks for a text in a dialog. Resolves to the text, which is empty if the user cancels. */
export async function ask(question, label, hint, action) {
  const input = element("input", { placeholder: hint, autocomplete: "off" });
  const field = element("label", {}, element("span", {}, label), input);
  const answer = await open(question, element("div", { class: "controls" }, field), { action, input });
  return answer === undefined ? "" : input.value.trim();
}

/** Opens a dialog. Resolves to `undefined` if it is cancelled. */
function open(question, content, { action, input, isDangerous }) {
  return new Promise((resolve) => {
    const cancel = element("button", { type: "button", onclick: () => dialog.close("") }, "Cancel");
    const accept = element("button", { class: isDangerous && "danger" }, action);
    const form = element(
      "form",
      { method: "dialog" },
      element("h2", {}, question),
      content,
      element("div", { class: "actions" }, cancel, accept),
    );
    const dialog = element("dialog", { class: "question", "aria-label": question }, form);
    accept.value = "yes";
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes" ? true : undefined);
    });
    document.body.append(dialog);
    dialog.showModal();
    (input ?? cancel).focus();
  });
}
