/** What tests look like in each family of languages, as far as text alone tells. */

export interface Language {
  /** Begins a test; the group `name` is its name. */
  readonly header: RegExp;
  /** Where functions look like tests: what stands on the header's line or shortly above it if it is one. */
  readonly mark?: RegExp;
  /** A line that asserts something. */
  readonly assertion: RegExp;
  /** Runs this test alone, and so no other. */
  readonly focus?: RegExp;
  /** Keeps a test from running. */
  readonly skip: RegExp;
  /** An assertion that cannot fail. */
  readonly trivial: RegExp;
  /** What begins a comment of one line. */
  readonly comment: string;
}

const LITERAL = String.raw`(?:true|True|false|False|null|None|nil|\d+|"[^"]*"|'[^']*')`;

const SCRIPT: Language = {
  header: /\b(?:test|it|specify)(?:\.\w+)*\s*\(\s*(?<quote>['"`])(?<name>(?:\\.|(?!\k<quote>).)*)\k<quote>/,
  assertion:
    /\bexpect(?:\.\w+)*\s*\(|\bassert(?:\.\w+)*\s*\(|\bt\.(?:is|not|deepEqual|like|true|false|throws|truthy|falsy|equal|same|match|ok|strictSame)\w*\s*\(|\.should\b|\bvitest\.assert|\bsinon\.assert/,
  focus:
    /\b(?:test|it|describe|suite|context|specify)\.only\b|\b(?:fit|fdescribe|fcontext)\s*\(|\bonly\s*:\s*true\b/,
  skip: /\b(?:test|it|describe|suite|context|specify)\.(?:skip|todo|fixme|failing|fails|skipIf)\b|\b(?:xit|xtest|xdescribe|xcontext|pending)\s*\(|\b(?:skip|todo)\s*:\s*(?:true|['"`])|\b(?:t|test|ctx|this|context)\.(?:skip|todo)\s*\(/,
  trivial: new RegExp(
    String.raw`\bexpect\(\s*(${LITERAL})\s*\)\.(?:to|toBe|toEqual|toStrictEqual|toBeTruthy|toBeDefined|toBeFalsy|toBeNull)\b|\bassert(?:\.ok)?\(\s*(?:true|1)\s*[,)]|\bassert\.\w*[eE]qual\(\s*(${LITERAL})\s*,\s*\2\s*[,)]|\bt\.(?:pass|true\(\s*true|is\(\s*(${LITERAL})\s*,\s*\3)`,
  ),
  comment: '//',
};

const PYTHON: Language = {
  header: /^\s*(?:async\s+)?def\s+(?<name>test\w*)\s*\(/,
  assertion:
    /^\s*assert\b|\bself\.assert\w+\s*\(|\bself\.fail\w*\s*\(|\bpytest\.(?:raises|warns|fail)\b|\.assert_\w+\s*\(/,
  skip: /@(?:pytest\.mark\.(?:skip|skipif|xfail)|unittest\.(?:skip\w*|expectedFailure))\b|\bpytest\.(?:skip|xfail|importorskip)\s*\(|\bself\.skipTest\s*\(|\braise\s+(?:unittest\.)?SkipTest\b|^\s*pytestmark\s*=.*\bskip|\bcollect_ignore\b|^\s*__test__\s*=\s*False/,
  trivial: new RegExp(
    String.raw`^\s*assert\s+(?:True|1)\s*(?:,|$)|^\s*assert\s+(${LITERAL})\s*==\s*\1\s*(?:,|$)|\bself\.assertTrue\(\s*True\s*[,)]|\bself\.assertEqual\(\s*(${LITERAL})\s*,\s*\2\s*[,)]`,
  ),
  comment: '#',
};

const GO: Language = {
  header: /^func\s+(?<name>(?:Test|Example|Fuzz)\w*)\s*\(/,
  assertion:
    /\b(?:t|tb|b|s)\.(?:Error|Errorf|Fatal|Fatalf|Fail|FailNow)\s*\(|\b(?:assert|require|is|qt|c)\.[A-Z]\w*\s*\(/,
  skip: /\b(?:t|tb|b|s|suite\.T\(\))\.(?:Skip|Skipf|SkipNow)\s*\(|^\/\/go:build\s+(?:ignore|never)/,
  trivial: new RegExp(
    String.raw`\b(?:assert|require)\.True\(\s*t\s*,\s*true\b|\b(?:assert|require)\.Equal\(\s*t\s*,\s*(${LITERAL})\s*,\s*\1\s*[,)]`,
  ),
  comment: '//',
};

const RUST: Language = {
  mark: /#\[(?:\w+::)*(?:test|rstest|test_case|quickcheck)\b/,
  header: /^\s*(?:pub\s+)?(?:async\s+)?fn\s+(?<name>\w+)\s*(?:<[^>]*>)?\(/,
  assertion: /\b(?:debug_)?assert(?:_eq|_ne|_matches|_snapshot)?!\s*[({[]|\bpanic!\s*\(|\.unwrap_err\(\)/,
  skip: /#\[ignore\b|#\[cfg\(any\(\)\)\]/,
  trivial: new RegExp(String.raw`\bassert!\(\s*true\s*[,)]|\bassert_eq!\(\s*(${LITERAL})\s*,\s*\1\s*[,)]`),
  comment: '//',
};

/** Java, Kotlin, C#, Scala, Swift: annotations or names tell the tests. */
const CURLY: Language = {
  mark: /@(?:\w*Test|TestFactory|TestTemplate)\b|\[(?:Fact|Theory|Test\w*|DataTestMethod)\b|\b(?:func|void|fun|def)\s+test/,
  header: /\b(?:void|fun|func|Task|def)\s+(?<name>`[^`]+`|\w+)\s*\(/,
  assertion:
    /\b(?:Assert\.|Assertions?\.)?(?:assert\w+|verify\w*|fail|expect\w*)\s*\(|\bAssert\.\w+\s*\(|\bXCTAssert\w*\s*\(|\.Should\(\)|\.should\w+\s*\(|\bassertThat\b/,
  skip: /@(?:Disabled|Ignore|Ignored)\b|\[(?:Ignore|Explicit)\b|\b(?:Fact|Theory|Test)\s*\([^)]*\bSkip\s*=|\bassum(?:e|ing)\w*\s*\(\s*false|\bAssert\.(?:Ignore|Inconclusive)\s*\(|\bXCTSkip\b|\benabled\s*=\s*false/,
  trivial: new RegExp(
    String.raw`\b(?:assertTrue|Assert\.True|Assert\.IsTrue|XCTAssertTrue|XCTAssert)\(\s*true\s*[,)]|\b(?:assertEquals|Assert\.Equal|Assert\.AreEqual|XCTAssertEqual)\(\s*(${LITERAL})\s*,\s*\1\s*[,)]`,
  ),
  comment: '//',
};

const RUBY: Language = {
  header:
    /^\s*(?:it|specify|test|scenario|example)\s*\(?\s*(?<quote>['"])(?<name>(?:\\.|(?!\k<quote>).)*)\k<quote>|^\s*def\s+(?<method>test_\w+)/,
  assertion: /\bexpect\s*[({]|\b(?:assert|refute)\w*\b|\bmust_\w+|\bwont_\w+|\.should\b|\bis_expected\b/,
  focus: /\b(?:fit|fdescribe|fcontext|focus)\b|,\s*:focus\b|\bfocus:\s*true\b/,
  skip: /^\s*(?:skip|pending)\b|\b(?:xit|xdescribe|xcontext|xspecify|xexample)\b|\b(?:skip|pending):\s*(?:true|['"])|,\s*:(?:skip|pending)\b/,
  trivial: new RegExp(
    String.raw`^\s*assert\s*\(?\s*true\b|\bassert_equal\s*\(?\s*(${LITERAL})\s*,\s*\1\s*\)?\s*$|\bexpect\(\s*(${LITERAL})\s*\)\.to\s+(?:eq|be)\b`,
  ),
  comment: '#',
};

const PHP: Language = {
  header:
    /\bfunction\s+(?<name>test\w*)\s*\(|\b(?:it|test)\s*\(\s*(?<quote>['"])(?<title>(?:\\.|(?!\k<quote>).)*)\k<quote>/,
  assertion: /(?:\$this->|self::|static::)(?:assert|expect)\w*\s*\(|\bexpect\s*\(/,
  focus: /->only\(\)/,
  skip: /\bmarkTest(?:Skipped|Incomplete)\s*\(|->(?:skip|todo)\(|#\[(?:Ignore|DoesNotPerformAssertions)|@doesNotPerformAssertions/,
  trivial: new RegExp(
    String.raw`assertTrue\(\s*true\s*[,)]|assert(?:Same|Equals)\(\s*(${LITERAL})\s*,\s*\1\s*[,)]`,
  ),
  comment: '//',
};

/** Where tests of each family live: by the file's name, or by a folder that holds nothing else. */
const FAMILIES: readonly { readonly files: RegExp; readonly tests: RegExp; readonly language: Language }[] = [
  {
    files: /\.[cm]?[jt]sx?$/,
    tests:
      /(^|\/)(__tests__|tests?|specs?|e2e|cypress)\/|[._-](test|spec|cy|e2e)\.[cm]?[jt]sx?$|(^|\/)test\.[cm]?[jt]s$/,
    language: SCRIPT,
  },
  {
    files: /\.pyi?$/,
    tests: /(^|\/)tests?\/|(^|\/)(test_[^/]*|[^/]*_test|tests|conftest)\.py$/,
    language: PYTHON,
  },
  { files: /\.go$/, tests: /_test\.go$/, language: GO },
  { files: /\.rs$/, tests: /\.rs$/, language: RUST },
  {
    files: /\.(java|kt|kts|scala|groovy|cs|fs|vb|swift)$/,
    tests: /(^|\/)(tests?|[\w.]*Tests?)\/|(Tests?|Spec|IT)\.\w+$/,
    language: CURLY,
  },
  { files: /\.rb$/, tests: /(^|\/)(spec|test)\/|(_spec|_test)\.rb$|(^|\/)test_[^/]*\.rb$/, language: RUBY },
  { files: /\.php$/, tests: /(^|\/)tests?\/|Test\.php$/i, language: PHP },
];

/** `undefined` where the file holds no tests that we can read. */
export function languageOf(path: string): Language | undefined {
  return FAMILIES.find(({ files, tests }) => files.test(path) && tests.test(path))?.language;
}

/** Recorded results that tests compare with. */
export function isSnapshot(path: string): boolean {
  return /(^|\/)__(snapshots|image_snapshots)__\/|(^|\/)snapshots\/.*\.snap$|\.snap(\.new)?$|\.ambr$|\.(approved|verified)\.\w+$|\.golden$|(^|\/)(golden|goldens)\//.test(
    path,
  );
}

/** True where the file holds tests or what only tests read, and nothing that the product runs. */
export function isTestFile(path: string): boolean {
  if (isSnapshot(path) || /(^|\/)(__tests__|__mocks__|tests?|specs?|e2e)\//.test(path)) return true;
  return !path.endsWith('.rs') && languageOf(path) !== undefined;
}
