/** What lies beyond this machine: the models that a run would ask, and the way to them. */
import type { Speech, Words } from '../../protocol/words.ts';
import type { EndpointFacts, Facts, NetworkFacts } from './facts.ts';
import { ok, problem, warning, type Finding } from './finding.ts';

export function judgeModels({ models }: Facts, speech: Speech): readonly Finding[] {
  const { endpoints, routes, source, problem: why } = models;
  const { t, told } = speech;
  const configure = t(
    'Run "Quartet: Configure Models" in the editor; at the terminal name one with --base-url and --model, or set OPENAI_API_KEY.',
  );
  if (why !== undefined) return [problem('Models', told(why), configure)];
  if (endpoints.length === 0) return [problem('Models', t('No model was found.'), configure)];
  const ids = new Set(endpoints.map(({ id }) => id));
  const lost = Object.entries(routes).flatMap(([role, route]) =>
    route.filter((id) => !ids.has(id)).map((id) => `${role} → ${id}`),
  );
  const usable = endpoints.some(({ failure }) => failure === undefined);
  const isNeeded = (id: string) =>
    Object.values(routes).some(
      (route) => route.includes(id) && route.every((each) => isDown(each, endpoints)),
    );
  return [
    ok('Models', t('From: {0}. {1}', placeText(source, t), routesText(routes))),
    ...endpoints.flatMap((each) => [
      ...endpoint(each, !usable || isNeeded(each.id), speech),
      ...nowOf(each, speech),
    ]),
    ...(lost.length === 0
      ? []
      : [
          problem(
            'Models',
            t('Routes lead to endpoints that are not there: {0}.', lost.join(', ')),
            configure,
          ),
        ]),
  ];
}

/** Where they were found; what a door calls otherwise stays. */
function placeText(source: string, t: Words): string {
  if (source === 'settings') return t('the settings');
  if (source === 'environment') return t('the environment');
  if (source === 'editor') return t('this editor');
  if (source === 'local') return t('this machine');
  return source;
}

const routesText = (routes: Facts['models']['routes']): string =>
  Object.entries(routes)
    .map(([role, ids]) => `${role}: ${ids.join(' → ')}`)
    .join('; ');

const isDown = (id: string, endpoints: readonly EndpointFacts[]): boolean =>
  endpoints.find((each) => each.id === id)?.failure !== undefined;

/** One that does not answer stands in the way where nobody stands behind it. */
function endpoint(facts: EndpointFacts, isNeeded: boolean, { t, told }: Speech): readonly Finding[] {
  const { name, address, failure, listed, hasPrice, kind } = facts;
  if (failure !== undefined) {
    const where = address === undefined ? name : t('{0} at {1}', name, address);
    const text = `${where}: ${told(failure.message)}`;
    const advice = told(failure.advice ?? t('Look at the settings of this endpoint.'));
    return [isNeeded ? problem('Models', text, advice) : warning('Models', text, advice)];
  }
  return [
    answers(facts, t),
    ...(listed === false
      ? [
          warning(
            'Models',
            t('{0}: the server does not list this model, though it answers.', name),
            t('Nothing, while it works.'),
          ),
        ]
      : []),
    ...(hasPrice || kind === 'scripted' || kind === 'cassette'
      ? []
      : [
          ok(
            'Models',
            t('{0} has no price: its cost reads "unknown", and a run with a cost limit refuses it.', name),
          ),
        ]),
  ];
}

/** Only to a server a key makes a difference. */
function answers({ name, address, tools, hasKey, kind }: EndpointFacts, t: Words): Finding {
  const where = address === undefined ? name : t('{0} at {1}', name, address);
  const isServer = kind === 'openai';
  if (tools === 'called') {
    if (!isServer) return ok('Models', t('{0} answers, and calls tools.', where));
    return ok(
      'Models',
      hasKey
        ? t('{0} answers with a key, and calls tools.', where)
        : t('{0} answers without a key, and calls tools.', where),
    );
  }
  const advice = t('Choose a model that can call tools: the team works through them.');
  if (!isServer) return warning('Models', t('{0} answers, but called no tool when asked to.', where), advice);
  return warning(
    'Models',
    hasKey
      ? t('{0} answers with a key, but called no tool when asked to.', where)
      : t('{0} answers without a key, but called no tool when asked to.', where),
    advice,
  );
}

/** How it does for what works now. */
function nowOf({ name, now }: EndpointFacts, { t, told }: Speech): readonly Finding[] {
  if (now === undefined) return [];
  const { health, inFlight, why = 'it is not well' } = now;
  const calls = inFlight === 1 ? t('1 call under way') : t('{0} calls under way', inFlight);
  const isIdle = inFlight === 0;
  if (health === 'fine') return isIdle ? [] : [ok('Models', t('{0} at the moment: {1}.', name, calls))];
  const how = isIdle ? told(why) : `${told(why)}; ${calls}`;
  return [
    warning(
      'Models',
      t('{0} at the moment: {1}.', name, how),
      t(
        'Nothing, where another stands behind it: agents that begin now ask that one. Else look at the server.',
      ),
    ),
  ];
}

export function judgeNetwork({ network }: Facts, speech: Speech): readonly Finding[] {
  const { proxy, extraAuthorities, systemAuthorities, unchecked } = network;
  const isPassedOver =
    network.systemOnlyByProxy === true && proxy !== undefined && extraAuthorities !== undefined;
  const { t } = speech;
  return [
    wayOut(network, speech),
    ...(extraAuthorities === undefined ? [] : [authorities(extraAuthorities, speech)]),
    ...(isPassedOver
      ? [
          warning(
            'Network',
            t(
              'By way of a proxy the editor trusts the authorities of the system only, not those of NODE_EXTRA_CA_CERTS.',
            ),
            t('Add the authority to the store of the system; on Linux SSL_CERT_FILE may name another store.'),
          ),
        ]
      : []),
    ...(systemAuthorities
      ? [ok('Network', t('Certificate authorities of the system are trusted too.'))]
      : []),
    ...(unchecked
      ? [
          warning(
            'Network',
            t(
              'Certificates are not checked (NODE_TLS_REJECT_UNAUTHORIZED=0): anybody in between can read keys and code.',
            ),
            t('Unset it, and set NODE_EXTRA_CA_CERTS instead.'),
          ),
        ]
      : []),
  ];
}

function wayOut({ proxy, noProxy, proxyProblem }: NetworkFacts, { t, told }: Speech): Finding {
  if (proxy === undefined) return ok('Network', t('No proxy is set.'));
  if (proxyProblem !== undefined)
    return problem(
      'Network',
      t('Proxy {0} is set, but not used: {1}', proxy, told(proxyProblem)),
      t('Use a newer Node, or list the server in NO_PROXY if it can be reached directly.'),
    );
  return ok(
    'Network',
    noProxy === undefined ? t('Proxy {0}.', proxy) : t('Proxy {0}, but not for {1}.', proxy, noProxy),
  );
}

function authorities(
  { path, problem: why }: NonNullable<NetworkFacts['extraAuthorities']>,
  { t, told }: Speech,
): Finding {
  if (why === undefined) return ok('Network', t('Certificate authorities of {0} are trusted.', path));
  return problem(
    'Network',
    t('NODE_EXTRA_CA_CERTS names {0}: {1}', path, told(why)),
    t('Correct the path; Node ignores it silently.'),
  );
}
