// Ways of others to do a graph of tasks, each as its own documentation would have it. Nothing is persisted.
import { Agent, Runner, setTracingDisabled } from '@openai/agents';
import { Annotation, END, entrypoint, START, StateGraph, task } from '@langchain/langgraph';
import { generateText } from 'ai';
import PQueue from 'p-queue';

/** Each unit begins once those it depends on have ended. */
function inOrder(units, begin) {
  const all = new Map();
  const ended = (unit) => {
    if (!all.has(unit.id))
      all.set(
        unit.id,
        Promise.all(unit.dependsOn.map((id) => ended(byId.get(id)))).then(() => begin(unit)),
      );
    return all.get(unit.id);
  };
  const byId = new Map(units.map((unit) => [unit.id, unit]));
  return Promise.all(units.map(ended));
}

/** Sindre's queue holds how many run at once. */
async function pQueue(units, concurrency, work) {
  const queue = new PQueue({ concurrency });
  await inOrder(units, (unit) => queue.add(() => work(unit)));
}

/** LangGraph's graphs: a node a task, an edge that waits for all parents. They go layer by layer. */
async function langGraph(units, concurrency, work) {
  const State = Annotation.Root({
    done: Annotation({ reducer: (before, after) => [...before, ...after], default: () => [] }),
  });
  const graph = new StateGraph(State);
  for (const unit of units)
    graph.addNode(unit.id, async () => {
      await work(unit);
      return { done: [unit.id] };
    });
  const parents = new Set(units.flatMap(({ dependsOn }) => dependsOn));
  for (const unit of units) {
    graph.addEdge(unit.dependsOn.length === 0 ? START : [...unit.dependsOn], unit.id);
    if (!parents.has(unit.id)) graph.addEdge(unit.id, END);
  }
  const { done } = await graph
    .compile()
    .invoke({ done: [] }, { maxConcurrency: concurrency, recursionLimit: units.length + 10 });
  if (done.length !== units.length) throw new Error(`LangGraph did ${done.length} of ${units.length}`);
}

/** LangGraph's functional API: tasks are functions, their order is the program's. */
async function langGraphTasks(units, concurrency, work) {
  const queue = new PQueue({ concurrency });
  const one = task('one', async (id) => {
    await work({ id });
    return id;
  });
  const flow = entrypoint('flow', () => inOrder(units, (unit) => queue.add(() => one(unit.id))));
  await flow.invoke('go');
}

/** What a message says: here which task is asked for. */
const wordsOf = (content) => (typeof content === 'string' ? content : content[0].text);

/** The Agents SDK: an agent's run a task, with a model that asks the server. */
async function agentsSdk(units, concurrency, work) {
  setTracingDisabled(true);
  const queue = new PQueue({ concurrency });
  const usage = { requests: 1, inputTokens: 1, outputTokens: 1, totalTokens: 2 };
  const model = {
    async getResponse({ input }) {
      await work({ id: wordsOf(typeof input === 'string' ? input : input.at(-1).content) });
      const content = [{ type: 'output_text', text: 'done' }];
      return { usage, output: [{ type: 'message', role: 'assistant', status: 'completed', content }] };
    },
    async *getStreamedResponse() {},
  };
  const agent = new Agent({ name: 'researcher', instructions: 'Do it.', model });
  const runner = new Runner({ tracingDisabled: true });
  await inOrder(units, (unit) => queue.add(() => runner.run(agent, unit.id)));
}

/** The `ai` package: a text generated a task, with a model that asks the server. */
async function aiPackage(units, concurrency, work) {
  const queue = new PQueue({ concurrency });
  const usage = {
    inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
    outputTokens: { total: 1, text: 1, reasoning: 0 },
  };
  const model = {
    ...{ specificationVersion: 'v3', provider: 'bench', modelId: 'bench', supportedUrls: {} },
    async doGenerate({ prompt }) {
      await work({ id: wordsOf(prompt.at(-1).content) });
      const finishReason = { unified: 'stop', raw: 'stop' };
      return { content: [{ type: 'text', text: 'done' }], finishReason, usage, warnings: [] };
    },
    async doStream() {
      throw new Error('not asked for');
    },
  };
  await inOrder(units, (unit) => queue.add(() => generateText({ model, prompt: unit.id })));
}

export const ways = {
  'p-queue': pQueue,
  'LangGraph, graph': langGraph,
  'LangGraph, functional': langGraphTasks,
  'OpenAI Agents SDK': agentsSdk,
  ai: aiPackage,
};
