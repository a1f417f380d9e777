/** File name of the icon sprite with its hash, filled in by build.mjs. */
declare const ICONS: string;
