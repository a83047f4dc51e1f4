import 'rapidoc';

const isDark = matchMedia('(prefers-color-scheme: dark)');
const view = document.createElement('rapi-doc');
const settings = {
  'spec-url': '/api/v1/openapi.json',
  'render-style': 'read',
  'show-header': 'false',
  'allow-server-selection': 'false',
  'allow-authentication': 'false',
  'load-fonts': 'false',
  'regular-font': 'system-ui, sans-serif',
  'mono-font': 'ui-monospace, monospace',
  'schema-description-expanded': 'true',
};
for (const [name, value] of Object.entries(settings)) view.setAttribute(name, value);
const setTheme = () => view.setAttribute('theme', isDark.matches ? 'dark' : 'light');
isDark.addEventListener('change', setTheme);
setTheme();
document.body.append(view);
