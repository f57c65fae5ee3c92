/** The office's page: head office at a desk. */
import { render } from 'preact';
import '../shared/tokens.css';
import '../shared/fonts.css';
import '../shared/base.css';
import '../shared/desk/desk.css';
import './office.css';
import './screens.css';
import { showLanguage } from '../shared/i18n.ts';
import { followHash } from '../shared/router.ts';
import { showTheme } from '../shared/theme.ts';
import { App } from './app.tsx';
import { findSession } from './centre.ts';

showLanguage();
showTheme();
followHash();
void findSession();
const root = document.getElementById('app');
if (root === null) throw new Error('the page has no #app');
render(<App />, root);
