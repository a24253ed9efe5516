import { render } from 'preact';
import { App } from './app.tsx';
import { editorHost } from './host.ts';
import { keepFocus } from './keep-focus.ts';
import { catchLinks } from './links.ts';
import { openPanel } from './panel.ts';
import { PanelContext } from './parts/use-panel.ts';
import './styles/panel.css';

const root = document.getElementById('root') ?? document.body.appendChild(document.createElement('div'));
root.id = 'root';

const panel = openPanel(editorHost(), window);
catchLinks(root, panel.post);
keepFocus(root);
render(
  <PanelContext.Provider value={panel}>
    <App />
  </PanelContext.Provider>,
  root,
);
