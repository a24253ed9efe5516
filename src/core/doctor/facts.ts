/** What a door found out about where Quartet runs. Plain data; holds no key and no password. */
import type { EndpointHealth } from '../../protocol/registry.ts';
import type { Endpoint } from '../../protocol/settings.ts';

export interface Facts {
  readonly versions: {
    readonly quartet: string;
    /** Of the process that runs us: `v24.1.0`. */
    readonly node: string;
    /** Name and version of the editor; absent at the terminal. */
    readonly editor?: string;
    /** The editor's programming interface has language models. */
    readonly system: string;
  };
  readonly folder: FolderFacts;
  readonly git: { readonly version?: string; readonly problem?: string };
  readonly ripgrep?: string;
  /** Absent where there is no folder. */
  readonly storage?: StorageFacts;
  /** Endpoints that a run would use, in the order of the settings. */
  readonly models: ModelFacts;
  readonly network: NetworkFacts;
  /** How the tests are run; absent where nothing could be looked at. */
  readonly tests?: { readonly label?: string; readonly why: string };
  /** What the project says of how work is to be done; absent where nothing could be looked at. */
  readonly instructions?: readonly {
    readonly path: string;
    readonly characters: number;
    readonly cut: boolean;
    /** For which files; none: all. */
    readonly globs: readonly string[];
    /** It holds what looks like a key or a password, which agents are not told. */
    readonly secrets?: boolean;
  }[];
  /** Role files; absent where nothing could be looked at. */
  readonly roles?: readonly {
    readonly path: string;
    readonly name?: string;
    readonly approved: boolean;
    /** What is wrong with it, with its lines. */
    readonly problems: readonly string[];
  }[];
  /** What agents may be and have; absent where nothing could be looked at. */
  readonly team?: TeamFacts;
  readonly runs?: {
    readonly unfinished: readonly string[];
    readonly leftovers: number;
    /** Endpoints that are not well in an unfinished run, as its record tells. */
    readonly ill?: readonly { readonly run: string; readonly name: string; readonly why: string }[];
  };
}

export interface TeamFacts {
  /** Of the house, and the person's own that can be used. */
  readonly roles: readonly string[];
  /** Tools of the house, with the versions of their contracts. */
  readonly tools: readonly { readonly name: string; readonly version: string }[];
  /** Tools of other programs, granted in the form in which they are there; absent where there can be none. */
  readonly granted?: readonly string[];
  /** Granted once, and described otherwise since. */
  readonly changed?: readonly string[];
}

interface FolderFacts {
  readonly path?: string;
  /** Absent where the question makes no sense: a terminal is trusted by whoever types. */
  readonly trusted?: boolean;
  /** Why the team cannot work here. */
  readonly obstacle?: string;
}

export interface StorageFacts {
  readonly path: string;
  /** Why nothing can be written there. */
  readonly problem?: string;
  readonly freeBytes?: number;
  readonly usedBytes?: number;
}

export interface ModelFacts {
  /** Where they come from, for people: "settings", "environment". */
  readonly source: string;
  readonly endpoints: readonly EndpointFacts[];
  readonly routes: Readonly<Record<string, readonly string[]>>;
  /** Why there is none, or why the settings cannot be used. */
  readonly problem?: string;
}

export interface EndpointFacts {
  readonly id: string;
  readonly name: string;
  readonly kind: Endpoint['kind'];
  /** Without query or credentials. */
  readonly address?: string;
  readonly hasKey: boolean;
  readonly hasPrice: boolean;
  /** Whether the server lists the model; absent where it gives no list. */
  readonly listed?: boolean;
  /** Absent: it did not answer. */
  readonly tools?: 'called' | 'ignored' | 'refused';
  readonly failure?: { readonly code: string; readonly message: string; readonly advice?: string };
  /** How it did for the runs of this process before it was looked at; absent where it was not asked. */
  readonly now?: { readonly health: EndpointHealth; readonly inFlight: number; readonly why?: string };
}

export interface NetworkFacts {
  /** Without credentials. */
  readonly proxy?: string;
  readonly noProxy?: string;
  /** Why the proxy is not used although it is set. */
  readonly proxyProblem?: string;
  /** File of further certificate authorities (`NODE_EXTRA_CA_CERTS`). */
  readonly extraAuthorities?: { readonly path: string; readonly problem?: string };
  /** Authorities of the system are trusted too. */
  readonly systemAuthorities: boolean;
  /** By way of a proxy only the authorities of the system count, as in the editor. */
  readonly systemOnlyByProxy?: boolean;
  /** Certificates are not checked at all (`NODE_TLS_REJECT_UNAUTHORIZED=0`). */
  readonly unchecked: boolean;
}
