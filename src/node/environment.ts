/** The environment that commands get: what programs need to find their tools, and nothing that a person keeps to themselves. */
import { absolutePath, NOT_FROM_HERE } from './program.ts';

/** Taken over from this process where they are set. */
const KEPT =
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_[A-Z]+|LANGUAGE|TZ|TMPDIR|TEMP|TMP|XDG_(CACHE|CONFIG|DATA|STATE)_HOME|XDG_RUNTIME_DIR|SYSTEMROOT|SYSTEMDRIVE|WINDIR|COMSPEC|PATHEXT|USERPROFILE|USERNAME|HOMEDRIVE|HOMEPATH|APPDATA|LOCALAPPDATA|PROGRAMFILES(\(X86\))?|PROGRAMDATA|NUMBER_OF_PROCESSORS|PROCESSOR_ARCHITECTURE|OS|NVM_(DIR|BIN)|VOLTA_HOME|FNM_[A-Z_]+|ASDF_[A-Z_]+|MISE_[A-Z_]+|N_PREFIX|PYENV_ROOT|RBENV_ROOT|GOPATH|GOROOT|GOCACHE|GOMODCACHE|GOPROXY|CARGO_HOME|RUSTUP_HOME|JAVA_HOME|M2_HOME|MAVEN_HOME|GRADLE_USER_HOME|ANDROID_HOME|ANDROID_SDK_ROOT|DOTNET_ROOT|GEM_HOME|GEM_PATH|PNPM_HOME|BUN_INSTALL|DENO_DIR|PLAYWRIGHT_BROWSERS_PATH|CONDA_PREFIX|VCPKG_ROOT|SDKROOT|DEVELOPER_DIR)$/iu;

/** A name that says secret is not taken over, whatever else it says. */
const SECRET = /SECRET|TOKEN|PASSW|CREDENTIAL|API_?KEY|PRIVATE|AUTH|COOKIE|SESSION/iu;
/** An address with a name and password in it. */
const SIGNED = /:\/\/[^/\s:@]*:[^/\s@]+@/u;

/** Tells programs that nobody watches, so that they neither ask, page, colour nor phone home. */
const QUIET: Readonly<Record<string, string>> = {
  CI: 'true',
  TERM: 'dumb',
  NO_COLOR: '1',
  PAGER: 'cat',
  GIT_PAGER: 'cat',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  DEBIAN_FRONTEND: 'noninteractive',
  npm_config_update_notifier: 'false',
  npm_config_fund: 'false',
  npm_config_audit: 'false',
  PYTHONDONTWRITEBYTECODE: '1',
};

/** The environment of a command. `more` is added last, as it is. */
export function commandEnvironment(
  own: Readonly<Record<string, string | undefined>>,
  more: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(own)) {
    if (value === undefined || !KEPT.test(name) || SECRET.test(name) || SIGNED.test(value)) continue;
    kept[name] = /^PATH$/iu.test(name) ? absolutePath(value) : value;
  }
  return { ...kept, ...QUIET, ...NOT_FROM_HERE, ...more };
}
