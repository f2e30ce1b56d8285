/** esbuild emits imported stylesheets as one file beside the script; TypeScript only needs to know that they exist. */
declare module '*.css';
