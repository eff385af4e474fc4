from __future__ import annotations

import pytest

from core.jobs.linter import RULES, lint
from core.locale import translator

FORBIDDEN = {
    "限男": "sex",
    "限女性": "sex",
    "仅限男士": "sex",
    "只招女工": "sex",
    "需要女工两名": "sex",
    "男士优先": "sex",
    "男性优先": "sex",
    "女生优先考虑": "sex",
    "性别：男": "sex",
    "不招女": "sex",
    "已婚已育": "family",
    "已婚已育优先": "family",
    "未婚": "family",
    "两年内无生育计划": "family",
    "限本地户口": "registration",
    "本地户籍优先": "registration",
    "外地人勿扰": "registration",
    "河南人勿扰": "registration",
    "只招本地人": "registration",
    "无乙肝": "pathogen",
    "需查乙肝两对半": "pathogen",
    "35岁以下": "age",
    "年龄不超过40岁": "age",
    "18-45周岁": "age",
    "90后优先": "age",
    "限汉族": "ethnicity",
    "残疾人勿扰": "disability",
    "四肢健全": "disability",
    "五官端正": "disability",
    "收取押金300元": "deposit",
    "押金500": "deposit",
    "扣押身份证": "deposit",
    "形象气质佳": "appearance",
    "身高160cm以上": "appearance",
}
ALLOWED = (
    "不限男女，年龄不限，不限户籍",
    "男女不限",
    "性别不限",
    "性别：男女均可",
    "无年龄限制，包培训",
    "本地社区内上班，月薪2600元",
    "每天工作 8 小时，9:00-16:00 上班",
    "需持健康证，负责老年人生活照料",
    "欢迎残疾人报名，可坐姿作业",
    "服装由公司提供，不收押金",
    "限时招聘，要求细心",
    "照护 60 岁以上老人",
    "负责女装缝制、男鞋包装",
    "主要女装缝制，需要男鞋打包经验",
    "负责门店形象维护、身高体重秤的摆放",
    None,
    "",
)


@pytest.mark.parametrize(("text", "code"), FORBIDDEN.items())
def test_a_forbidden_wording_is_found_and_its_rule_is_named(text: str, code: str) -> None:
    findings = lint(f"岗位要求：{text}，工作细心。")
    assert code in {finding.rule.code for finding in findings}
    assert all(finding.rule.law for finding in findings)


@pytest.mark.parametrize("text", ALLOWED)
def test_an_allowed_wording_is_left_alone(text: str | None) -> None:
    assert lint(text) == ()


def test_findings_stand_in_order_and_quote_the_text() -> None:
    text = "限女，35岁以下，限本地户口"
    findings = lint(text)
    assert [f.rule.code for f in findings] == ["sex", "age", "registration"]
    assert all(text[f.start : f.end].strip() == f.words for f in findings)


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_every_rule_has_a_full_sentence(lang: str) -> None:
    tr = translator(lang)
    for text, code in FORBIDDEN.items():
        finding = next(f for f in lint(text) if f.rule.code == code)
        sentence = finding.sentence(tr)
        assert finding.words in sentence
        assert "{" not in sentence
    assert {rule.code for rule in RULES} == set(FORBIDDEN.values())


def test_age_and_looks_are_for_a_person_to_judge_everything_else_is_forbidden() -> None:
    assert {rule.code for rule in RULES if not rule.forbids} == {"age", "appearance"}
