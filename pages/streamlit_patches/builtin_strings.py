"""Streamlit's own English words, in the language of the page, where no parameter exists for them."""

from __future__ import annotations

import json

import streamlit as st

from core.locale import Translator

__all__ = ["BUILTIN", "translate_builtin"]

# English text of the front end → Chinese. Matched as whole text nodes, or as attribute values.
BUILTIN = {
    "Settings": "设置",
    "Print": "打印",
    "Rerun": "重新运行",
    "Record screen": "录屏",
    "Record a screencast": "录屏",
    "About": "关于",
    "Clear cache": "清除缓存",
    "Close": "关闭",
    "Theme": "主题",
    "System": "自动",
    "Light": "浅色",
    "Dark": "深色",
    "Use system setting": "跟随系统",
    "Wide mode": "宽屏",
    "Appearance": "外观",
    "Development": "开发",
    "Running...": "计算中…",
    "Running": "计算中",
    "Stop": "停止",
    "Stopping...": "正在停止…",
    "Connecting": "正在连接",
    "Connection error": "连接中断",
    "No results": "没有结果",
    "No options to select": "没有可选项",
    "No options to select.": "没有可选项",
    "Choose an option": "请选择",
    "Choose options": "请选择",
    "Select all": "全选",
    "Select…": "请选择",
    "Add": "添加",
    "Drag and drop file here": "把文件拖到这里",
    "Drag and drop files here": "把文件拖到这里",
    "Browse files": "选择文件",
    "Upload": "上传",
    "or drag and drop": "或拖到这里",
    "Search": "查找",
    "Type to search": "输入以查找",
    "Fullscreen": "全屏",
    "Close fullscreen": "退出全屏",
    "Show/hide columns": "显示或隐藏列",
    "Download as CSV": "下载 CSV",
    "Sort ascending": "升序",
    "Sort descending": "降序",
    "Autosize": "自动列宽",
    "Pin column": "固定列",
    "Unpin column": "取消固定",
    "Hide column": "隐藏列",
    "Format": "格式",
    "empty": "空",
    "Copy to clipboard": "复制",
    "Clear value": "清除",
    "Press Enter to apply": "按回车确认",
    "Press Ctrl+Enter to apply": "按 Ctrl+回车确认",
    "Press ⌘+Enter to apply": "按 ⌘+回车确认",
    "Press Enter to submit form": "按回车提交",
    "Show password text": "显示",
    "Loading...": "载入中…",
    "View less": "收起",
    "Remove": "移除",
    "Open": "打开",
    "Choose date": "选择日期",
    "yyyy": "年",
    "mm": "月",
    "dd": "日",
    "Skip to main content": "跳到正文",
    "Navigate to home": "回到首页",
    "Main menu": "菜单",
}

SCRIPT = """<script>(() => {
  const lang = %(lang)s, table = %(table)s;
  const attributes = ['aria-label', 'title', 'placeholder'];
  document.documentElement.lang = lang;
  if (window.__builtin) window.__builtin.disconnect();
  const patterns = [
    [/^(?:Limit )?(\\d+)MB per file(.*)$/, '每个文件不超过 $1 MB$2'],
    [/^Add: (.*)$/, '添加：$1'], [/^Help for (.*)$/, '$1：说明'], [/^View (\\d+) more$/, '再看 $1 项'],
    [/^Error: Date set outside allowed range\\. Please select a date on or before (.*)\\.$/, '日期不得晚于 $1，请改正后再保存'],
    [/^Error: Date set outside allowed range\\. Please select a date on or after (.*)\\.$/, '日期不得早于 $1，请改正后再保存'],
    [/^Error: Date set outside allowed range\\. Please select a date between (.*) and (.*)\\.$/, '日期应在 $1 至 $2 之间，请改正后再保存'],
    [/^Error: Number is .* between (.*) and (.*)\\.$/, '数值应在 $1 至 $2 之间，请改正后再保存'],
    [/^Error: Number is .* greater than or equal to (.*)\\.$/, '数值不得小于 $1，请改正后再保存'],
    [/^Error: Number is .* less than or equal to (.*)\\.$/, '数值不得大于 $1，请改正后再保存'],
    [/^Link to heading:? ?(.*)$/, '本节链接 $1'], [/^Download as PNG(.*)$/, '下载 PNG$1'],
  ];
  const word = (text) => {
    const key = text.trim();
    if (Object.hasOwn(table, key)) return text.replace(key, table[key]);
    for (const [from, to] of patterns) if (from.test(key)) return key.replace(from, to);
    return null;
  };
  const visitAttribute = (element, name) => {
    const text = element.getAttribute?.(name);
    const changed = text ? word(text) : null;
    if (changed !== null && changed !== text) element.setAttribute(name, changed);
  };
  const visit = (root) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const own = node.parentElement?.closest('[data-testid=stMarkdownContainer], script, style, textarea');
      if (own && !own.closest('[data-testid=stFileUploader]')) continue;
      const found = word(node.nodeValue);
      if (found !== null && found !== node.nodeValue) node.nodeValue = found;
    }
    const marked = root.querySelectorAll ? [root, ...root.querySelectorAll('[aria-label],[title],[placeholder]')] : [];
    for (const element of marked) for (const name of attributes) visitAttribute(element, name);
  };
  if (!Object.keys(table).length) return;
  visit(document.body);
  window.__builtin = new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === 'attributes') visitAttribute(change.target, change.attributeName);
      if (change.type === 'characterData') visit(change.target.parentElement ?? document.body);
      for (const node of change.addedNodes) visit(node.nodeType === 1 ? node : (node.parentElement ?? document.body));
    }
  });
  window.__builtin.observe(document.body, {
    childList: true, subtree: true, characterData: true, attributeFilter: attributes,
  });
})();</script>"""


ENGLISH = SCRIPT % {"lang": json.dumps("en"), "table": "{}"}
CHINESE = SCRIPT % {"lang": json.dumps("zh-CN"), "table": json.dumps(BUILTIN, ensure_ascii=False)}


def translate_builtin(tr: Translator) -> None:
    """Replace the front end's English words on the page, now and as they appear; set the document's language."""
    st.html(ENGLISH if tr.is_english else CHINESE, unsafe_allow_javascript=True, width="content")
