/** The village's page: every process on this machine, with the means to break each of them. */
import { render } from 'preact';
import '../shared/tokens.css';
import '../shared/fonts.css';
import '../shared/base.css';
import '../shared/desk/desk.css';
import './village.css';
import { showLanguage } from '../shared/i18n.ts';
import { showTheme } from '../shared/theme.ts';
import { followVillage } from './state.ts';
import { VillagePage } from './village-page.tsx';

showLanguage();
showTheme();
followVillage();
const root = document.getElementById('app');
if (root === null) throw new Error('the page has no #app');
render(<VillagePage />, root);
