import { announce, element } from "../dom.js";
import { messageOf } from "../failure.js";
import { changeFile } from "./api.js";

/**
 * The name, folder, tags and alternative text of a file. A change is saved when its field is left. `onChange` gets the changed file.
 * `save` changes something else, and shows the outcome in the same place.
 */
export function fileForm(file, onChange) {
  const message = element("p", { class: "outcome", role: "status" });

  async function save(change) {
    try {
      onChange(await changeFile(file.id, change));
      message.textContent = "Saved.";
      message.classList.remove("refused");
      return true;
    } catch (error) {
      message.textContent = messageOf(error);
      message.classList.add("refused");
      announce(message.textContent);
      return false;
    }
  }

  function field(label, hint, value, changeOf) {
    const input = element("input", { value, placeholder: hint, autocomplete: "off" });
    let saved = value;
    input.addEventListener("change", async () => {
      if (await save(changeOf(input.value.trim()))) saved = input.value;
      else input.value = saved;
    });
    return element("label", {}, element("span", {}, label), input);
  }

  const root = element(
    "div",
    {},
    element(
      "div",
      { class: "controls about" },
      field("Name", "", file.name, (name) => ({ name: name || null })),
      field("Alternative text", "What the picture shows", file.alt ?? "", (alt) => ({ alt: alt || null })),
      field("Tags", "cat, tabby", file.tags.join(", "), (text) => ({ tags: tagsOf(text) })),
      field("Folder", "press/2026", file.folder, (folder) => ({ folder })),
    ),
    message,
  );
  return { root, save };
}

/** The tags of a text with commas between them. */
export function tagsOf(text) {
  return text.split(",").map((tag) => tag.trim()).filter(Boolean);
}
