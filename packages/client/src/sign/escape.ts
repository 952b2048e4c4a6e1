/**
 * A text in the spelling of canonical paths: letters, digits, `-`, `.` and `_` stay, and every other byte of its UTF-8 is
 * written as `~XX`.
 */
export function escaped(text: string): string {
  const byte = (char: string) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(text).replace(/[!'()*~]/g, byte).replaceAll("%", "~");
}
