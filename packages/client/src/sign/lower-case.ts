/** The text with lower-case letters. Only letters of ASCII change, as at the edge. */
export function lowerCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
