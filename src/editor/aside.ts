/** Views may be contributed to the secondary side bar since VS Code 1.106. */
export function hasSecondarySideBar(editor: string): boolean {
  const [major = 0, minor = 0] = editor.split('.').map((part) => Number.parseInt(part, 10));
  return major > 1 || (major === 1 && minor >= 106);
}
