import { dark, light, sans, serif, type Theme } from '../../../shared/email/palette.ts';

const variables = (theme: Theme) =>
  Object.entries(theme)
    .map(([name, colour]) => `--${name}:${colour}`)
    .join(';');

/** The style of every page: for phones first, for light and dark themes, with nothing loaded. */
export const style = `
:root{color-scheme:light dark;${variables(light)}}
@media (prefers-color-scheme:dark){:root{${variables(dark)}}}
*{box-sizing:border-box}
html{background:var(--backdrop);-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0 auto;max-width:45rem;min-height:100vh;display:flex;flex-direction:column;background:var(--surface);
color:var(--ink);font:1rem/1.6 ${sans};overflow-wrap:break-word;border-top:4px solid var(--link)}
body.wide{max-width:72rem}
header,main,footer{padding:1rem 1.25rem}
main{flex:1;padding-block:1.5rem}
a{color:var(--link);text-underline-offset:.15em}
a:focus-visible,summary:focus-visible,pre:focus-visible,button:focus-visible,input:focus-visible,select:focus-visible,textarea:focus-visible{outline:3px solid var(--link);outline-offset:2px}
h1,h2,h3,.brand{font-family:${serif};line-height:1.25;text-wrap:balance}
h1{margin:0 0 .75rem;font-size:1.9rem;letter-spacing:-.01em}
h2{margin:0 0 .25rem;font-size:1.4rem}
*+h2{margin-top:2rem}
h3{margin:0;font-size:1.25rem;text-wrap:pretty}
p{margin:.5rem 0}
header{display:flex;justify-content:space-between;align-items:baseline;border-bottom:1px solid var(--line)}
.brand{font-weight:bold;font-size:1.1rem;color:var(--ink);text-decoration:none}
.muted{color:var(--muted);font-size:.9rem}
.problem{color:var(--problem);font-weight:bold}
section{margin-top:2.5rem;padding-top:1.75rem;border-top:1px solid var(--line)}
form{margin:1.5rem 0}
label{display:block;margin-bottom:.35rem;font-weight:bold}
.row{display:flex;flex-wrap:wrap;gap:.6rem}
input,select,textarea{flex:1 1 15rem;min-width:0;min-height:3rem;padding:.5rem .9rem;font:inherit;color:var(--ink);
background:var(--surface);border:1px solid var(--muted);border-radius:6px}
::placeholder{color:var(--muted);opacity:1}
input[aria-invalid],select[aria-invalid],textarea[aria-invalid]{border:2px solid var(--problem)}
fieldset{margin:0 0 1.75rem;padding:0;border:0;min-width:0}
legend{padding:0;font:bold 1.4rem/1.25 ${serif}}
.field{margin-top:1.1rem}
.field input,.field select,.field textarea{width:100%}
textarea{display:block;resize:vertical}
.choice{display:flex;gap:.75rem;align-items:center;min-height:2.75rem;margin:0;font-weight:normal}
.choice input{flex:none;min-height:0;width:1.25rem;height:1.25rem}
.saved{padding:.75rem 1rem;border-left:4px solid var(--link);font-weight:bold}
.trap{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
button{min-height:3rem;padding:.5rem 1.75rem;font:inherit;font-weight:bold;cursor:pointer;color:var(--onButton);
background:var(--button);border:0;border-radius:6px}
button{overflow-wrap:anywhere}
.row button{flex:1 0 auto}
.big{width:100%;min-height:3.5rem;font-size:1.1rem}
.field+.big{margin-top:1.5rem}
ol,ul{margin:0;padding:0;list-style:none}
.papers li{padding:1.4rem 0;border-bottom:1px solid var(--line)}
.papers li:last-child{border:0}
.papers h3 a{text-decoration:none}
.papers h3 a:hover{text-decoration:underline}
.digests li{padding:.5rem 0}
.actions{display:flex;flex-wrap:wrap;gap:0 1.25rem;align-items:baseline}
.actions a{padding:.4rem 0;font-size:.95rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1.25rem;margin:1.25rem 0;font-size:.95rem}
dt{color:var(--muted)}
dd{margin:0;min-width:0}
details{margin:.75rem 0}
summary{padding:.4rem 0;font-size:.95rem;color:var(--link);cursor:pointer}
pre{margin:.5rem 0;padding:.75rem 1rem;overflow-x:auto;font-size:.85rem;line-height:1.5;background:var(--backdrop);border-radius:6px}
mark{color:inherit;background:var(--line);border-radius:2px}
.tabs{display:flex;flex-wrap:wrap;gap:0 1.25rem;margin:.25rem 0}
header .tabs{margin:0;gap:0 1rem}
.views{display:flex;flex-wrap:wrap;gap:0 2.5rem}
.views nav:nth-of-type(-n+2){flex:0 0 100%}
.tabs a,.tabs strong{padding:.4rem 0;font-size:.95rem}
footer{border-top:1px solid var(--line)}
.intro h1{font-size:1.5rem;margin-bottom:.25rem}
.intro p{margin:.25rem 0}
.sign-up form{margin:1rem 0 .5rem}
.sign-up details{margin:0}
.list{margin-top:1rem;padding-top:1.25rem}
.list:first-child{margin-top:0;padding-top:0;border:0}
.list h1{font-size:1.6rem}
.list .papers{margin-top:.75rem;border-top:1px solid var(--line)}
.ranked .papers{counter-reset:rank}
.ranked .papers li{position:relative;padding-left:2.4rem;counter-increment:rank}
.ranked .papers li::before{content:counter(rank);position:absolute;left:0;top:1.2rem;font:1.2rem/1.4 ${serif};color:var(--muted)}
.papers h3{font-size:1.15rem}
.papers p{margin:.3rem 0}
.papers .muted{font-size:.85rem}
.papers li{padding:1.1rem 0}
.compact{display:flex;gap:.5rem;align-items:center;margin:0;min-height:2.4rem;font-weight:normal;font-size:.95rem}
.compact input{flex:none;min-height:0;width:1.1rem;height:1.1rem}
.list:has(#compact:checked) .papers :is(p,.actions){display:none}
.list:has(#compact:checked) .papers li{padding-block:.5rem}
.list:has(#compact:checked) .papers li::before{top:.6rem}
.numbers{margin:0 0 .5rem;font:.9rem/1.6 ${sans}}
.reason{font-size:.9rem;font-weight:bold;color:var(--muted)}
.list>h3{margin-top:1.5rem}
.day label{font-weight:normal;font-size:.9rem;color:var(--muted)}
.day .row{flex-wrap:nowrap;max-width:22rem}
.plain{color:var(--link);background:none;border:1px solid var(--muted)}
.sign-up .row,.intro .row{flex-wrap:nowrap}
@media (min-width:60rem){.columns{display:grid;grid-template-columns:minmax(0,1fr) 19rem;grid-template-rows:auto auto 1fr;column-gap:4rem}
.intro{grid-area:1/1}.list{grid-area:2/1/4/1}.sign-up{grid-area:1/2/3/2}.more{grid-area:3/2}.sign-up .row{flex-wrap:wrap}.sign-up button{flex:1}
.list:first-child{grid-row:1/4}.intro h1{font-size:2.2rem}.more h2{font-size:1.15rem}}
@media (min-width:36rem){.views nav:nth-of-type(-n+2){flex:0 0 auto}header,main,footer{padding-inline:2.5rem}main{padding-block:2rem}h1{font-size:2.4rem}.row button{flex:0 0 auto}
.big{width:auto;padding:.5rem 2.5rem}}
.skip{position:absolute;left:-99rem}
.skip:focus{left:.5rem;top:.5rem;z-index:1;padding:.5rem 1rem;background:var(--surface)}
@media (forced-colors:active){button{border:1px solid}}
@media print{nav,form,footer,.skip{display:none}body{border:0}a{color:inherit}}
`;
