// The editor of a code cell: of CodeMirror what it needs, and no more. `make editor` makes static/code_cell.js of it;
// components/code_cell.js loads that, and does all that a plain field can do as well: sending, saving, shortcuts.
import { defaultKeymap, history, historyKeymap, indentWithTab, isolateHistory } from "@codemirror/commands";
import { pythonLanguage } from "@codemirror/lang-python";
import {
  bracketMatching, defineLanguageFacet, HighlightStyle, indentOnInput, indentUnit, Language, syntaxHighlighting,
} from "@codemirror/language";
import { search, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import { EditorView, highlightActiveLineGutter, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { parser } from "@lezer/markdown";

const markdownLanguage = new Language(
  defineLanguageFacet({ commentTokens: { block: { open: "<!--", close: "-->" } } }), parser, [], "markdown",
);
const LANGUAGES = { python: [pythonLanguage, indentOnInput()], markdown: [markdownLanguage, EditorView.lineWrapping] };

// The colours come from the page, as --comment, --string and so on: one for light and one for dark.
const COLOURS = HighlightStyle.define([
  { tag: [tags.comment, tags.quote, tags.processingInstruction, tags.contentSeparator], color: "var(--comment)" },
  { tag: [tags.string, tags.special(tags.string), tags.link, tags.url, tags.escape], color: "var(--string)" },
  { tag: [tags.number, tags.bool, tags.null, tags.monospace, tags.character], color: "var(--number)" },
  { tag: [tags.keyword, tags.operatorKeyword, tags.meta], color: "var(--keyword)" },
  { tag: [tags.function(tags.definition(tags.variableName)), tags.definition(tags.className)], color: "var(--keyword)" },
  { tag: tags.operator, color: "var(--operator)" },
  { tag: tags.heading, color: "var(--keyword)", fontWeight: "600" },
  { tag: tags.strong, fontWeight: "600" },
  { tag: tags.emphasis, fontStyle: "italic" },
]);

// CodeMirror's words, as this house writes and says them.
const WORDS = {
  next: "Next", previous: "Previous", all: "All", replace: "Replace", "replace all": "Replace all",
  "match case": "Match case", regexp: "Pattern", "by word": "Whole words", close: "Close",
};

/** An editor in `parent`, which lies in `root`; `typed` is called after every change by whoever sits before it. */
export function edit({ parent, root, text, selection, language, attributes, typed }) {
  let ours = false; // a change that is the page's, not the student's
  const view = new EditorView({
    parent,
    root,
    state: EditorState.create({
      doc: text,
      selection,
      extensions: [
        lineNumbers(), highlightActiveLineGutter(), history(), bracketMatching(), search({ top: true }),
        indentUnit.of("    "), EditorState.tabSize.of(4), LANGUAGES[language], syntaxHighlighting(COLOURS),
        EditorView.contentAttributes.of({ ...attributes, tabindex: "0" }), EditorState.phrases.of(WORDS),
        EditorView.updateListener.of((update) => { if (update.docChanged && !ours) typed(); }),
        keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap, indentWithTab]),
      ],
    }),
  });
  return {
    get text() { return view.state.doc.toString(); },
    replace(text) { // one change, that one undo takes back
      ours = true;
      view.dispatch({
        changes: { from: 0, to: view.state.doc.length, insert: text }, selection: { anchor: 0 }, scrollIntoView: true,
        annotations: isolateHistory.of("full"),
      });
      ours = false;
    },
    focus() { view.focus(); },
    close() { view.destroy(); },
  };
}
