// Colours of the editor's own themes, as far as the page uses them.
const shared = { 'font-family': 'system-ui, "Segoe UI", "DejaVu Sans", sans-serif', 'font-size': '13px', 'editor-font-family': '"DejaVu Sans Mono", monospace' };

export const THEMES = {
  dark: {
    className: 'vscode-dark',
    variables: {
      ...shared,
      'editor-background': '#1f1f1f', 'editor-foreground': '#cccccc', descriptionForeground: '#9d9d9d', 'sideBar-background': '#181818', 'editorWidget-background': '#202020',
      focusBorder: '#0078d4', 'list-inactiveSelectionBackground': '#37373d', 'list-hoverBackground': '#2a2d2e', 'editor-findMatchHighlightBackground': '#ea5c0055',
      'testing-iconPassed': '#73c991', 'editorInfo-foreground': '#3794ff', 'editorWarning-foreground': '#cca700', 'editorError-foreground': '#f14c4c', 'charts-purple': '#b180d7', 'charts-orange': '#d18616',
      'input-background': '#313131', 'input-foreground': '#cccccc', 'input-border': '#3c3c3c', 'input-placeholderForeground': '#989898', 'toolbar-hoverBackground': '#5a5d5e50',
      'inputOption-activeBackground': '#2489db82', 'inputOption-activeBorder': '#2488db', 'inputOption-activeForeground': '#ffffff',
      'button-background': '#0078d4', 'button-foreground': '#ffffff', 'button-hoverBackground': '#026ec1', 'button-secondaryBackground': '#313131', 'button-secondaryForeground': '#cccccc', 'button-secondaryHoverBackground': '#3c3c3c',
      'editorHoverWidget-background': '#202020', 'editorHoverWidget-border': '#454545', 'sideBarSectionHeader-foreground': '#cccccc',
    },
  },
  light: {
    className: 'vscode-light',
    variables: {
      ...shared,
      'editor-background': '#ffffff', 'editor-foreground': '#3b3b3b', descriptionForeground: '#3b3b3b', 'sideBar-background': '#f8f8f8', 'editorWidget-background': '#f8f8f8',
      focusBorder: '#005fb8', 'list-inactiveSelectionBackground': '#e4e6f1', 'list-hoverBackground': '#f2f2f2', 'editor-findMatchHighlightBackground': '#ea5c0055',
      'testing-iconPassed': '#73c991', 'editorInfo-foreground': '#1a85ff', 'editorWarning-foreground': '#bf8803', 'editorError-foreground': '#e51400', 'charts-purple': '#652d90', 'charts-orange': '#d18616',
      'input-background': '#ffffff', 'input-foreground': '#3b3b3b', 'input-border': '#cecece', 'input-placeholderForeground': '#767676', 'toolbar-hoverBackground': '#b8b8b850',
      'inputOption-activeBackground': '#bed6ed', 'inputOption-activeBorder': '#005fb8', 'inputOption-activeForeground': '#000000',
      'button-background': '#005fb8', 'button-foreground': '#ffffff', 'button-hoverBackground': '#0258a8', 'button-secondaryBackground': '#e5e5e5', 'button-secondaryForeground': '#3b3b3b', 'button-secondaryHoverBackground': '#cccccc',
      'editorHoverWidget-background': '#f8f8f8', 'editorHoverWidget-border': '#c8c8c8', 'sideBarSectionHeader-foreground': '#3b3b3b',
    },
  },
  contrast: {
    className: 'vscode-high-contrast',
    variables: {
      ...shared,
      'editor-background': '#000000', 'editor-foreground': '#ffffff', descriptionForeground: '#ffffffb3', 'sideBar-background': '#000000', 'editorWidget-background': '#0c141f',
      contrastBorder: '#6fc3df', contrastActiveBorder: '#f38518', focusBorder: '#f38518', 'editor-findMatchHighlightBackground': '#00000000', 'editor-findMatchBorder': '#f38518',
      'testing-iconPassed': '#73c991', 'editorInfo-foreground': '#3794ff', 'editorWarning-foreground': '#ffd370', 'editorError-foreground': '#f48771', 'charts-purple': '#b180d7', 'charts-orange': '#d18616',
      'input-background': '#000000', 'input-foreground': '#ffffff', 'input-border': '#6fc3df', 'input-placeholderForeground': '#ffffffb3',
      'inputOption-activeBackground': '#00000000', 'inputOption-activeBorder': '#f38518', 'inputOption-activeForeground': '#ffffff',
      'button-background': '#000000', 'button-foreground': '#ffffff', 'button-border': '#6fc3df', 'button-secondaryBackground': '#000000', 'button-secondaryForeground': '#ffffff',
      'editorHoverWidget-background': '#0c141f', 'editorHoverWidget-border': '#6fc3df',
    },
  },
  'contrast-light': {
    className: 'vscode-high-contrast vscode-high-contrast-light',
    variables: {
      ...shared,
      'editor-background': '#ffffff', 'editor-foreground': '#292929', descriptionForeground: '#292929', 'sideBar-background': '#ffffff', 'editorWidget-background': '#ffffff',
      contrastBorder: '#0f4a85', contrastActiveBorder: '#006bbd', focusBorder: '#006bbd', 'editor-findMatchHighlightBackground': '#00000000', 'editor-findMatchBorder': '#0f4a85',
      'testing-iconPassed': '#007100', 'editorInfo-foreground': '#1a85ff', 'editorWarning-foreground': '#895503', 'editorError-foreground': '#b5200d', 'charts-purple': '#652d90', 'charts-orange': '#d18616',
      'input-background': '#ffffff', 'input-foreground': '#292929', 'input-border': '#0f4a85', 'input-placeholderForeground': '#292929b3',
      'inputOption-activeBackground': '#00000000', 'inputOption-activeBorder': '#006bbd', 'inputOption-activeForeground': '#292929',
      'button-background': '#0f4a85', 'button-foreground': '#ffffff', 'button-secondaryBackground': '#ffffff', 'button-secondaryForeground': '#292929', 'button-border': '#0f4a85',
      'editorHoverWidget-background': '#ffffff', 'editorHoverWidget-border': '#0f4a85',
    },
  },
  /** A browser without an editor around it. */
  plain: { className: '', variables: {} },
};
