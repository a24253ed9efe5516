/** Markdown is imported as its text: by the bundler's text loader, and by a loader hook in tests. */
declare module '*.md' {
  const text: string;
  export default text;
}
