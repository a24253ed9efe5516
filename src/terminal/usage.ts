/** What can be typed at the terminal, as `quartet help` says it. */
export const USAGE = `Usage:
  quartet run "<goal>"    plan, change, prove and hand over (in it @ROLE says who you want for it; #file:PATH, #folder:PATH
                          and #diff, what you changed, are told with it; so in a question, too)
  quartet test            run the tests and show what fails; asks no model. --file FILE (what belongs to it; may be
                          repeated), --changed (since the last commit), --name TEXT; --diagnose: QA says why they fail;
                          --fix: a run that mends them; --write-for FILE: a run that writes the tests a file lacks.
                          Exit codes: 0 all pass, 1 some fail, 5 no result that proves anything
  quartet tests           how this workspace's tests are run, and why: --confirm that it is right, --set "CMD", --forget;
                          --flaky: tests known to depend on chance, --release ID; --install: where no packages are
                          installed, the project's own set-up commands run once for its lock files, with the internet
  quartet ask "<text>"    ask the team about the code (--continue RUN: go on with that talk)
  quartet run --follow RUN "<goal>"
                          go on from a finished run or talk: what was said is known, a change not taken yet is the base
  quartet resume RUN      go on with a paused run (--take-over: ask the process that owns it to stop first)
  quartet runs            list the runs of this workspace (--chats: only talks with the team)
  quartet show RUN        show a run (--follow: its lines as they come; --ledger: who spent what; --timeline: who worked and
                          waited when; --transcript: all of it as Markdown; --at LINE: as it was then; --step LINE: one
                          reply, tool call or message in full, with --prompt what the model was told; --messages: what
                          the team told each other, and what nobody read; --about WORDS; --facts: what the team has
                          established, and who says so; --registry: endpoints and how they do, tools and roles with
                          their versions, who asks which and why; --pr: text for a pull request;
                          --task ID: all that is known of one task, with --diff what it changed)
  quartet resend RUN N    send the message of line N again that nobody read (--to ROLE: to somebody else)
  quartet answer RUN SIGNAL VALUE
                          answer what a run asks: approve, allow, deny, apply, discard, free text, or JSON
  quartet review RUN      the proposed change hunk by hunk, each with its task and tests (--why: what its author said;
                          --ask PATH:N=QUESTION: ask the team about one of them);
                          --accept PATH[:N], --reject PATH[:N] with --reason TEXT, --edit PATH=FILE (your own text), each
                          as often as you like, in one call or several (--forget: begin anew); then --apply, --send-back
                          (--say TEXT: what else to mend) or --discard. What is not named is taken, or left where --accept
                          is given
  quartet plan RUN        the plan (--json: as a file; --edit FILE: go on with that one, also while the run works, --dry-run:
                          only say whether it holds, and what serves what tasks require; --task ID: what a planner
                          wants for that task in mid-run)
  quartet say RUN "TEXT"  tell the team something, or with "@role …" one of it
  quartet take RUN TASK   do a task yourself: the run says in which folder, and takes it back with "quartet answer"
  quartet kept RUN        what you did by hand and is no part of the result (--task ID: of that task; --diff: as a patch;
                          --output FOLDER: its files, as you left them)
  quartet set RUN         other limits or freedom from here on: --autonomy, --concurrency, --max-cost and the like
  quartet stop RUN        stop a run that works in another process (--drain: once the calls under way have ended)
  quartet apply RUN       apply an accepted change that waits
  quartet undo RUN        take an applied change back; --dry-run: only what would be put back
  quartet commit RUN      commit what was applied, with a message made from its evidence (--branch NAME: on a new branch);
                          your hooks run, what else you have staged stays staged, nothing is pushed
  quartet replay RUN      run it again from its record, offline, and report the first difference
  quartet verify RUN      check a run's journal and blobs
  quartet fork RUN        go another way from a point of a run: --at LINE, --task ID or --plan FILE (another plan, as
                          "quartet show RUN --json" has it in plan.spec); --say TEXT, --model ID
  quartet export RUN      a run as one file, secrets taken out (--output FILE)
  quartet audit RUN       who asked for what, who allowed it, what ran and what it touched (--json, --output FILE)
  quartet permissions     what you allowed for good in this workspace (--remove ID)
  quartet roles           your own roles, those of the workspace, and what is wrong with them
                          (roles new NAME: begin one, --in-workspace there; roles approve NAME: let a workspace's be used)
  quartet import FILE     add an exported run to this workspace's runs
  quartet delete RUN      remove a run and what only it needs
  quartet gc              remove what no run needs, and finished runs that are too old or too many: --older-than DAYS,
                          --max-size MB; --dry-run only tells; --include-unfinished RUN for one that never finished
  quartet doctor          check everything that a run needs, and say what to do; asks the model for one short reply
  quartet help COMMAND    what is about that command alone

Options:
  --workspace DIR         the project (default: this folder)
  --base-url URL          an OpenAI-compatible endpoint (default: OPENAI_BASE_URL)
  --model ID              the model to ask; with --models, the one of them that alone answers for every role
  --script FILE           let a script speak for the models
  --record FILE           record what is asked of models and what they say, secrets taken out, to a new file
  --cassette FILE         let a recording speak for the models (--cassette-exact: only to the very same requests)
  --image FILE            show an image with the goal or question (png, jpeg, webp, gif; may be repeated)
  --attach FILE           give a file with the goal or question: an image is shown, a text (up to 40 KB) told to the team; may
                          be repeated. What looks like a secret in it is left out; where keys are kept asks you first
  --quick                 no planner, no model review; the tests still decide
  --test-command CMD      how the tests are run (default: what "quartet tests" says)
  --test-seconds N        longest that a run of the tests may take (900); what was running then, and the slowest, are named
  --check KIND=WEIGHT     types, lint or build: block (what is new turns the gate red), tell, or off; may be repeated
                          (default: types=block, lint=tell, build=block)
  --checks-max N          type checks, lints and builds that run for one change (12)
  --suites N              test suites that run at once on this machine (2)
  --changed-first SECONDS where the base's tests take longer, those that belong to the change run first (20)
  --no-coverage           do not look which changed lines the tests reach
  --no-probe              do not look whether the tests load the changed code (else: once per set-up, on code that cannot run)
  --rerun-base            do not use results of the same base from an earlier run
  --approve all|none|plan,commands,changes
                          what you want to be asked (default: all)
  --web-domain HOST       let the researcher read this host: example.com, *.example.com; may be repeated
  --web-search URL        its search service: an address with {query} that answers in JSON
  --browse                let coder, QA and researcher open pages of servers on this machine in Chrome, Chromium or Edge
                          (--browser FILE: that one)
  --autonomy LEVEL        ask (looking only), guided (the usual commands, default), auto (whatever stays in the working copy)
  --policy FILE           your rules: {"rules": [{"decision": "allow", "command": "npm run docs *"}]} (default: policy.json in
                          the state folder); a workspace can only add stricter ones, in .quartet/policy.json
  --sandbox auto|on|off   commands run in the system's sandbox: where there is one (default), or not at all without, or never
  --network none|local|all
                          what they reach from there (default: local)
  --readable DIR          one more folder that they may read; may be repeated
  --consensus WHEN[:HOW[:N]]
                          several reviewers with changes that are risky, or always; majority (default), weighted or judged;
                          3 of them (2 to 7), each asking another endpoint first where there are several; the same for
                          questions between teammates
  --apply                 apply the accepted change to the workspace (--commit: and commit it, --branch NAME: on a new one)
  --json                  journal events on standard output, one a line
  --state-dir DIR         where runs are kept
  --models FILE           several endpoints and routes, as JSON: {"endpoints": [...], "routes": {"coder": [["a", "b"], "c"]}}
  --price IN,OUT          what --model costs, in US dollars per million tokens; without a price no cost limit holds
  --max-cost USD  --max-tokens N  --max-minutes N  --max-turns N  --max-agents N  --concurrency N
  --parked N              tasks that may wait for an answer while others work in their place (default: 8; 0: none)
  --best-of N             give each task to so many coders; the best work goes on (--choose: ask you which);
                          --variant ENDPOINT[:TEMPERATURE] says what each is, first to last; may be repeated
  --max-role ROLE.LIMIT=N a limit of one role: cost, tokens, minutes, turns or agents, such as coder.cost=0.5
  --degrade-to ID,...     endpoints to ask instead once --degrade-at percent (80) of a budget are used

Keys come from the environment (OPENAI_API_KEY; QUARTET_KEY_<ID> for an endpoint of --models), proxies too (HTTPS_PROXY,
HTTP_PROXY, NO_PROXY); NODE_EXTRA_CA_CERTS names further certificate authorities.
Exit codes: 0 done and proved; 1 failed; 2 wrong usage or configuration; 3 paused for you; 4 paused, budget reached;
5 done but not proved; 6 rejected; 130 stopped.`;
