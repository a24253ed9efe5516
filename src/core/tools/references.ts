/** References of HTML to characters (`&eacute;`, `&#233;`), as pages write them. Names that hardly any page writes stay as they are. */

/** Names of the characters from U+00A0 on, in their order. Old pages leave out the semicolon after them. */
const LATIN =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml'.split(
    ' ',
  );
const LATIN_FROM = 0xa0;

/** Other names, and what each stands for. Every sign of ASCII is among them: a page must not hide with one what it does. */
const NAMES =
  'quot amp lt gt apos OElig oelig Scaron scaron Yuml fnof circ tilde Alpha Beta Gamma Delta Epsilon Zeta Eta Theta Iota Kappa Lambda Mu Nu Xi Omicron Pi Rho Sigma Tau Upsilon Phi Chi Psi Omega alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigmaf sigma tau upsilon phi chi psi omega thetasym upsih piv ensp emsp thinsp zwnj zwj lrm rlm ndash mdash lsquo rsquo sbquo ldquo rdquo bdquo dagger Dagger bull hellip permil prime Prime lsaquo rsaquo oline frasl euro image weierp real trade alefsym larr uarr rarr darr harr crarr lArr uArr rArr dArr hArr forall part exist empty nabla isin notin ni prod sum minus lowast radic prop infin ang and or cap cup int there4 sim cong asymp ne equiv le ge sub sup nsub sube supe oplus otimes perp sdot lceil rceil lfloor rfloor lang rang loz spades clubs hearts diams check cross star phone Tab NewLine excl num dollar percnt lpar rpar ast plus comma period sol colon semi equals quest commat lsqb bsol rsqb Hat lowbar grave lcub verbar vert rcub lbrack rbrack lbrace rbrace UnderBar NonBreakingSpace'.split(
    ' ',
  );
const SIGNS =
  '"&<>\'ŒœŠšŸƒˆ˜ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩαβγδεζηθικλμνξοπρςστυφχψωϑϒϖ\u2002\u2003\u2009\u200c\u200d\u200e\u200f–—‘’‚“”„†‡•…‰′″‹›‾⁄€ℑ℘ℜ™ℵ←↑→↓↔↵⇐⇑⇒⇓⇔∀∂∃∅∇∈∉∋∏∑−∗√∝∞∠∧∨∩∪∫∴∼≅≈≠≡≤≥⊂⊃⊄⊆⊇⊕⊗⊥⋅⌈⌉⌊⌋⟨⟩◊♠♣♥♦✓✗☆☎\t\n!#$%()*+,./:;=?@[\\]^_`{||}[]{}_\u00a0';

const BY_NAME = new Map([
  ...LATIN.map((name, index) => [name, String.fromCharCode(LATIN_FROM + index)] as const),
  ...NAMES.map((name, index) => [name, SIGNS.charAt(index)] as const),
]);

/** Names that are understood without a semicolon. */
const BARE = new Set([...LATIN, 'quot', 'amp', 'lt', 'gt']);

const REFERENCE = /&(#x[\da-f]+|#\d+|[a-z][a-z\d]*)(?:;|(?![=a-z\d]))/giu;

/** Numbers from 128 to 159 are meant as Windows has them. */
const windows = new TextDecoder('windows-1252');

function characterOf(code: number): string {
  if (code >= 0x80 && code <= 0x9f) return windows.decode(Uint8Array.of(code));
  const isCharacter = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
  return isCharacter ? String.fromCodePoint(code) : '\ufffd';
}

/** The text that `html`, which holds no tags, stands for. */
export const withoutReferences = (html: string): string =>
  html.replace(REFERENCE, (whole: string, name: string) =>
    name.startsWith('#')
      ? characterOf(Number(`0${name.slice(1)}`))
      : ((whole.endsWith(';') || BARE.has(name) ? BY_NAME.get(name) : undefined) ?? whole),
  );
