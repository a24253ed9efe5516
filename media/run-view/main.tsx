import { render } from 'preact';
import { editorHost } from '../panel/host.ts';
import type { RunViewRequest } from '../../src/protocol/run-view.ts';
import { App } from './app.tsx';
import { openRunLife } from './life.ts';
import { RunLifeContext } from './use-life.ts';
import './styles/run-view.css';

const root = document.getElementById('root') ?? document.body.appendChild(document.createElement('div'));
root.id = 'root';

render(
  <RunLifeContext.Provider value={openRunLife(editorHost<RunViewRequest>(), window)}>
    <App />
  </RunLifeContext.Provider>,
  root,
);
