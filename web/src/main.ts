import { fetchStudy } from './api-client.js';
import { byId } from './element.js';
import { startExplorer } from './explorer.js';
import { showEmpty, showError, showLoading } from './message.js';
import { showHeader, showLead } from './page-header.js';
import { startTheme } from './theme.js';

let redraw = (): void => {};

async function start(): Promise<void> {
  showLoading('the study');
  try {
    const study = await fetchStudy();
    showHeader(study, null);
    showLead(study);
    if (study.measurements.length === 0) showEmpty(study);
    else ({ redraw } = startExplorer(study));
  } catch (error) {
    showError(error, () => void start());
  }
}

startTheme(byId('theme'), () => redraw());
void start();
