/** What is used of the `openai` package: loaded when a server is first asked. */
export { OpenAI } from 'openai';
export { Stream } from 'openai/core/streaming';
