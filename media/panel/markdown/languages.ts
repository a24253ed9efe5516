/** The grammars by which code is coloured. Loaded when code is first shown. */
import colours from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import cpp from 'highlight.js/lib/languages/cpp';
import csharp from 'highlight.js/lib/languages/csharp';
import css from 'highlight.js/lib/languages/css';
import go from 'highlight.js/lib/languages/go';
import ini from 'highlight.js/lib/languages/ini';
import java from 'highlight.js/lib/languages/java';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import kotlin from 'highlight.js/lib/languages/kotlin';
import php from 'highlight.js/lib/languages/php';
import python from 'highlight.js/lib/languages/python';
import ruby from 'highlight.js/lib/languages/ruby';
import rust from 'highlight.js/lib/languages/rust';
import sql from 'highlight.js/lib/languages/sql';
import typescript from 'highlight.js/lib/languages/typescript';
import xml from 'highlight.js/lib/languages/xml';
import yaml from 'highlight.js/lib/languages/yaml';

const LANGUAGES = {
  ...{ bash, cpp, csharp, css, go, ini, java, javascript, json },
  ...{ kotlin, php, python, ruby, rust, sql, typescript, xml, yaml },
};
for (const [name, grammar] of Object.entries(LANGUAGES)) colours.registerLanguage(name, grammar);

/** `text` as HTML whose parts are classed by what they are; `undefined` where the language is not known. Trust nothing of it. */
export function colouredHtml(text: string, language: string): string | undefined {
  if (colours.getLanguage(language) === undefined) return undefined;
  return colours.highlight(text, { language, ignoreIllegals: true }).value;
}
