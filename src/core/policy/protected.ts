/** Files inside the working copy that need more than the right to edit, under every spelling. */
import picomatch from 'picomatch';

/** Why a path is protected. `versions`: never touched. `secret`: reading asks as well. */
export type ProtectedClass = 'versions' | 'editor' | 'automation' | 'agents' | 'lock' | 'secret';
export interface ProtectedPath {
  readonly class: ProtectedClass;
  readonly decision: 'ask' | 'deny';
  readonly why: string;
}

const WHY: Readonly<Record<ProtectedClass, string>> = {
  versions: 'it belongs to the version control of the project',
  editor: 'it configures the editor or its container, which may run things',
  automation: 'it is run by hooks or continuous integration',
  agents: 'it instructs or configures agents',
  lock: 'it pins what gets installed',
  secret: 'it is a place where keys are kept',
};

/** Whole names, lower case, by class. */
const NAMES: Readonly<Record<ProtectedClass, string>> = {
  versions: '.git .hg .svn .jj .bzr .sl .pijul',
  editor: `.vscode .vscode-insiders .vscode-oss .vscodium .idea .fleet .zed .vs .nova .sublime .devcontainer .devcontainer.json .settings
    .project .classpath .theia .run`,
  automation: `.github .gitlab .circleci .buildkite .gitea .forgejo .woodpecker .husky .githooks .git-hooks .teamcity .semaphore .tekton
    .azuredevops .azure-pipelines .jenkins .travis .gitmodules .gitattributes .envrc .mise.toml mise.toml .tool-versions jenkinsfile
    .overcommit.yml .pre-commit-hooks.yaml cloudbuild.yaml cloudbuild.yml buildspec.yml buildspec.yaml codemagic.yaml netlify.toml
    vercel.json wercker.yml .pnpmfile.cjs .lintstagedrc .simple-git-hooks.json .simple-git-hooks.cjs .dagger renovate.json dependabot.yml`,
  agents: `.claude .cursor .codex .continue .windsurf .codeium .gemini .roo .kilocode .kiro .quartet .quartet-demo .amazonq .agent .agents
    .trae .augment .junie .opencode .crush .goose .qwen .factory .zencoder .tabnine .copilot .mcp .serena .warp .openhands .devin .plandex
    .ai agents.md agents.override.md agent.md claude.md claude.local.md gemini.md qwen.md crush.md warp.md codex.md opencode.md
    copilot-instructions.md skill.md mcp.json .mcp.json mcp_config.json mcp-config.json mcp_settings.json cline_mcp_settings.json
    claude_desktop_config.json .claude.json opencode.json opencode.jsonc crush.json .crush.json .cursorrules .cursorignore
    .cursorindexingignore .windsurfrules .codeiumignore .clinerules .clineignore .roorules .roomodes .rooignore .kilocodemodes
    .continuerules .continueignore .goosehints .gooseignore .rules .replit.md llms-install.md .geminiignore .aiexclude .aiignore
    .copilotignore .augmentignore .augment-guidelines`,
  lock: `package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml pnpm-lock.yml bun.lock bun.lockb deno.lock poetry.lock uv.lock
    pipfile.lock pdm.lock pixi.lock conda-lock.yml cargo.lock go.sum gemfile.lock composer.lock mix.lock packages.lock.json flake.lock
    package.resolved podfile.lock pubspec.lock gradle.lockfile stack.yaml.lock cabal.project.freeze module.bazel.lock`,
  secret: `.npmrc .yarnrc .yarnrc.yml .pypirc .netrc _netrc .git-credentials credentials credentials.json .htpasswd .pgpass .my.cnf .ssh .aws
    .gnupg .azure .kube .docker .gcloud .terraformrc terraform.tfvars .dockercfg .vault-token .password-store .s3cfg .boto
    service-account.json serviceaccountkey.json master.key kubeconfig .condarc .m2 nuget.config`,
};

/** Names by pattern. The first that fits counts. */
const PATTERNS: readonly (readonly [ProtectedClass, RegExp])[] = [
  ['versions', /^git~\d+$/u],
  ['editor', /\.(code-workspace|sublime-project|iml)$/u],
  [
    'automation',
    /^\.?(gitlab-ci|travis|drone|woodpecker|cirrus|pre-commit-config|lefthook|lefthook-local|appveyor|azure-pipelines|bitbucket-pipelines|circle|semaphore)(\..*)?\.ya?ml$/u,
  ],
  [
    'automation',
    /^\.?(lefthook|lefthook-local|lint-staged(\.config|rc)?|simple-git-hooks)\.(toml|jsonc?|[cm]?js|ya?ml)$/u,
  ],
  ['agents', /^\.(aider|cline)/u],
  ['agents', /\.(mdc|instructions\.md|prompt\.md|chatmode\.md|agent\.md)$/u],
  ['secret', /^\.env(\..*)?$/u],
  ['secret', /\.(pem|key|p12|pfx|jks|keystore|ppk|kdbx|gpg|asc|tfstate|ovpn)$/u],
  ['secret', /^id_(rsa|dsa|ecdsa|ed25519)(\..*)?$/u],
  ['secret', /^secrets?\.(json|ya?ml|toml|env|ini)$/u],
];

const CLASSES = ['versions', 'editor', 'automation', 'agents', 'lock', 'secret'] as const;
const BY_NAME: ReadonlyMap<string, ProtectedClass> = new Map(
  CLASSES.flatMap((one) => NAMES[one].split(/\s+/u).map((name) => [name, one] as const)),
);

/** Names that look like a secret's but hold none. */
const EXAMPLE = /^\.env\.(example|sample|template|dist|defaults)$/u;
/** Characters that some file systems drop when they compare names. */
const DROPPED = /[\u00ad\u034f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]/gu;

/** What protects a path (confined or not), compared as the most forgiving file system would; undefined if nothing does. */
export function protectedPath(path: string): ProtectedPath | undefined {
  let found: ProtectedPath | undefined;
  for (const name of path.split(/[/\\]/u)) {
    const one = protectedName(plain(name));
    if (one?.decision === 'deny') return one;
    // A place where keys are kept is one whatever folder it lies in.
    if (!found || (one?.class === 'secret' && found.class !== 'secret')) found = one ?? found;
  }
  return found;
}

/** What protects the files that a wildcard may stand for. A leading "*" stands for no name with a dot in front. */
export function protectedByGlob(pattern: string): ProtectedPath | undefined {
  let found: ProtectedPath | undefined;
  for (const part of pattern.split('/').map((name) => plain(name))) {
    if (!/[*?[]/u.test(part) || /^[*?[]/u.test(part)) continue;
    const all = [...BY_NAME.keys(), '.env', 'id_rsa', '.gitlab-ci.yml']
      .filter((known) => picomatch.isMatch(known, part, { dot: true }))
      .flatMap((name) => protectedName(name) ?? []);
    const one = strictest(all);
    if (one?.decision === 'deny') return one;
    found = strictest([...(found ? [found] : []), ...(one ? [one] : [])]);
  }
  return found;
}

/** What is never touched counts before where keys are kept, that before the rest, and what only pins versions last. */
const strictest = (all: readonly ProtectedPath[]): ProtectedPath | undefined =>
  all.find(({ decision }) => decision === 'deny') ??
  all.find((one) => one.class === 'secret') ??
  all.find((one) => one.class !== 'lock') ??
  all[0];

function protectedName(name: string): ProtectedPath | undefined {
  if (EXAMPLE.test(name)) return undefined;
  const one = BY_NAME.get(name) ?? PATTERNS.find(([, pattern]) => pattern.test(name))?.[0];
  if (!one) return undefined;
  return { class: one, decision: one === 'versions' ? 'deny' : 'ask', why: WHY[one] };
}

const plain = (name: string): string =>
  name
    .replace(DROPPED, '')
    .normalize('NFKC')
    .replace(DROPPED, '')
    .toLowerCase()
    .replace(/:.*$/u, '')
    .replace(/[. ]+$/u, '');
