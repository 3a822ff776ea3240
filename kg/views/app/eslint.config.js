// What the page's code may not do: the texts it shows are hostile, it loads nothing from the
// network, and its Content-Security-Policy forbids inline styles and handlers.
import js from '@eslint/js';
import globals from 'globals';
import noUnsanitized from 'eslint-plugin-no-unsanitized';

const MARKUP = [
  'innerHTML',
  'outerHTML',
  'insertAdjacentHTML',
  'createContextualFragment',
  'setHTMLUnsafe',
  'parseHTMLUnsafe',
  'parseFromString',
  'srcdoc',
  'DOMParser',
].join('|');
const TEXT_ONLY = 'Text of policies is hostile: use textContent and createElement.';
const NO_INLINE =
  'The Content-Security-Policy forbids it: use classes or the element.style object.';
const SETTER = 'CallExpression[callee.property.name=/^(setAttribute|setAttributeNS)$/]';
const FORBIDDEN_ATTRIBUTE = '/^(style|on[a-z]+)$/i';

const forbidden = [
  [`Identifier[name=/^(${MARKUP})$/]`, TEXT_ONLY],
  [`Literal[value=/^(${MARKUP})$/i]`, TEXT_ONLY],
  [`TemplateElement[value.raw=/^(${MARKUP})$/i]`, TEXT_ONLY],
  ['MemberExpression[object.name="document"][property.name=/^writeln?$/]', TEXT_ONLY],
  ['MemberExpression[object.property.name="document"][property.name=/^writeln?$/]', TEXT_ONLY],
  [`${SETTER}[arguments.0.value=${FORBIDDEN_ATTRIBUTE}]`, NO_INLINE],
  [`${SETTER}[arguments.1.value=${FORBIDDEN_ATTRIBUTE}]`, NO_INLINE],
  [`${SETTER}[arguments.0.quasis.0.value.raw=${FORBIDDEN_ATTRIBUTE}]`, NO_INLINE],
  ['TemplateElement[value.raw=/^\\s*javascript:/i]', 'A link may not run code.'],
  ['ImportExpression', 'The page is one file and loads nothing.'],
].map(([selector, message]) => ({ selector, message }));

const NETWORK = ['fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource'].map((name) => ({
  name,
  message: 'The page loads nothing from the network.',
}));

export default [
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  noUnsanitized.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2022, sourceType: 'module', globals: globals.browser },
    rules: {
      complexity: ['error', 15],
      eqeqeq: 'error',
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      'no-restricted-globals': ['error', ...NETWORK],
      'no-restricted-syntax': ['error', ...forbidden],
      'no-script-url': 'error',
      'no-var': 'error',
      'prefer-const': 'error',
    },
  },
  {
    // This file names what it forbids.
    files: ['eslint.config.js'],
    languageOptions: { globals: globals.node },
    rules: { 'no-restricted-syntax': 'off' },
  },
];
