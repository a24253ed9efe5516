/** Programs by what they are known to do. Whatever is not known here is a program like any of the project. */

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/u));

export const READERS = words(
  `ls cat head tail wc grep egrep fgrep rg pwd echo printf true false : test [ type which file stat du df tree diff cmp date
   sort uniq cut tr nl basename dirname realpath readlink find fd jq yq column comm fold rev tac od xxd hexdump md5sum sum
   sha1sum sha256sum sha512sum shasum cksum expr seq sleep uname arch nproc whoami id hostname cd wait exit return break continue
   strings less more paste join tsort fmt expand unexpand numfmt factor locale tput getconf ps lsof free uptime
   read mapfile readarray shift local unset set b2sum iconv base64 zcat bzcat xzcat nm ldd objdump readelf size cloc tokei scc bat eza exa`,
);
/** Their first plain argument is a pattern or a text, not a path. */
export const PATTERN_FIRST = words('grep egrep fgrep rg sed awk gawk mawk fd jq yq tr expr');
export const TEXT_ONLY = words(
  'echo printf expr tr seq sleep [ test exit return true false : shift break continue read local unset',
);
export const WRITERS = words('mkdir touch cp mv tee rmdir');
export const NETWORK = words(
  `curl wget aria2c axel lynx w3m links elinks ssh scp sftp rsync ftp tftp lftp nc ncat netcat telnet socat ping ping6 fping hping3
   arping mtr tracepath dig drill nslookup host getent resolvectl whois traceroute nmap masscan http https httpie xh wscat websocat gh
   hub glab aws gcloud gsutil az bq kubectl helm terraform tofu pulumi ansible ansible-playbook docker docker-compose podman nerdctl
   buildah skopeo vercel netlify heroku flyctl fly railway wrangler firebase supabase brew port apt apt-get aptitude dpkg rpm yum
   dnf apk pacman snap flatpak nix nix-shell nix-env pip pip3 pipx pipenv uvx gem openssl mail mailx sendmail msmtp mutt
   ngrok cloudflared tailscale chisel code code-insiders codium open xdg-open osascript psql mysql mongo mongosh redis-cli
   sqlplus rclone restic svn hg bzr mosh ip ifconfig iptables nft route tcpdump tshark dbus-send gdbus notify-send busctl`,
);
export const MACHINE = words(
  `kill pkill killall systemctl service launchctl mount umount chown chgrp chattr setfacl at batch screen tmux eval source . exec trap
   alias unalias builtin let getopts compgen fc jobs history enable hash ulimit umask shopt pushd popd watch parallel entr script expect strace ltrace gdb lldb perf
   chroot unshare nsenter capsh setpriv runuser taskset run-parts busybox toybox start-stop-daemon ld.so vim vi view nvim ex ed emacs
   nano pico micro helix hx man info sysctl modprobe insmod passwd useradd usermod visudo security defaults reg regedit schtasks
   setsid disown flock coproc bind complete gpg gpg2 pass ssh-keygen ssh-add ssh-agent age sops vault keychain secret-tool`,
);
export const AGENTS = words(
  `claude claude-code codex aider gemini copilot github-copilot-cli cursor cursor-agent windsurf opencode goose amp crush qwen quartet
   droid kiro kiro-cli q cline roo auggie llm ollama sgpt aichat interpreter open-interpreter continue-cli cn plandex gptme mods codebuff
   devin openhands swe-agent mini forge jules`,
);
export const CHECKERS = words(
  `tsc tsgo eslint prettier jest vitest mocha ava tap c8 nyc biome oxlint dprint stylelint pytest py.test mypy ruff flake8 pylint black isort
   pyright basedpyright bandit rspec rubocop phpunit phpstan psalm ctest golangci-lint staticcheck gofmt goimports rustfmt tsd xo
   standard knip depcruise madge playwright cypress shellcheck shfmt markdownlint markdownlint-cli2 yamllint actionlint hadolint clang-format
   clang-tidy cppcheck ktlint detekt swiftlint swiftformat credo dialyzer svelte-check vue-tsc htmlhint commitlint cspell codespell
   typos javac rustc gcc g++ cc clang clang++ esbuild swc`,
);
export const SHELLS = words('sh bash dash zsh ksh ash mksh fish rbash');
export const INTERPRETERS =
  /^(node|nodejs|python(\d(\.\d+)?)?|pypy3?|perl|ruby|php|lua|luajit|Rscript|tclsh|tsx|ts-node|groovy|scala|elixir|erl|ghci|runghc)$/u;
export const WRAPPERS = words(
  'time nice command timeout gtimeout xargs env stdbuf nohup ionice chrt unbuffer caffeinate',
);

/** Subcommands that are usual, by program. */
export const SUBCOMMANDS: Readonly<Record<string, RegExp>> = {
  npm: /^(test|t|tst|ls|list|outdated|version|view|why|explain|run|--version|-v)$/u,
  pnpm: /^(test|t|ls|list|why|--version|-v)$/u,
  yarn: /^(test|list|why|--version|-v)$/u,
  bun: /^(test|--version|-v)$/u,
  deno: /^(test|lint|fmt|check|--version|-V)$/u,
  go: /^(test|vet|build|fmt|list|version|doc)$/u,
  cargo: /^(test|check|build|clippy|fmt|tree|metadata|bench|doc|nextest|--version)$/u,
  make: /^(test|tests|check|lint|build|all|clean|format|fmt|typecheck|coverage|docs|compile)$/u,
  mvn: /^(test|verify|compile|package|clean|-v|--version)$/u,
  gradle: /^(test|check|build|clean|assemble|tasks|--version)$/u,
  dotnet: /^(test|build|format|--version|--info)$/u,
  swift: /^(test|build|--version)$/u,
  mix: /^(test|compile|format|credo|dialyzer)$/u,
  composer: /^(test|validate|show)$/u,
  poetry: /^(check|show|--version|env)$/u,
  uv: /^(--version|tree)$/u,
  bundle: /^(list|check|show|--version)$/u,
  rake: /^(test|spec|lint|-T)$/u,
  cmake: /^--build$/u,
  ninja: /^(test|all|-v)$/u,
  bazel: /^(test|build|query)$/u,
  nx: /^(test|lint|build|affected|graph)$/u,
  turbo: /^(test|lint|build|run)$/u,
  flutter: /^(test|analyze|--version)$/u,
  dart: /^(test|analyze|format|--version)$/u,
  zig: /^(test|build|fmt|version)$/u,
  stack: /^(test|build)$/u,
  cabal: /^(test|build)$/u,
  sbt: /^(test|compile)$/u,
  tox: /^(-e|-q|list)$/u,
  nox: /^(-s|-l|--list)$/u,
  hatch: /^(test|version)$/u,
  just: /^(test|lint|build|check|fmt|--list|-l)$/u,
  task: /^(test|lint|build|check|--list)$/u,
};
/** Programs that reach out, wherever they stand in the words of a program that may run them. */
export const PLAINLY_OUT =
  /(?:^|[\s=;|&"'/])(?:curl|wget|aria2c|nc|ncat|netcat|telnet|socat|ssh|scp|sftp|rsync|dig|nslookup|claude|codex|gemini|aider|opencode|cursor-agent|openssl)(?:\.exe)?(?=$|[\s;|&"'])/u;
/** Words by which a program downloads what it is then to run. */
export const FROM_AFAR =
  /^(?:[a-z][a-z+]*:\/\/|(?:npm|jsr|git|github|gitlab|bitbucket):)|^[^./@-][^@]*\.[^@]*\/[^@]*@[^@]+$/u;
export const RUN_SCRIPTS =
  /^(test|lint|build|check|compile|typecheck|types?|format|fmt|unit|coverage|verify|tsc)([:_-].*)?$/u;
export const FETCHING =
  /^(install|i|ci|add|remove|rm|uninstall|update|up|upgrade|publish|login|logout|exec|x|dlx|create|init|link|audit|get|fetch|push|deploy|global|cache|config|token|pack|owner|access|profile|star|sync|download|mod|generate|tool|restore|nuget|pip|self|plugin|source|search)$/u;
