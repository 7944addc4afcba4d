"""Pairs of wrong and right forms: what each level says, and words that only touch."""

from datetime import date

import pytest

from scoring.checks.wording.pairs import WordPairs
from scoring.wording.lexicons import Entry, shipped
from scoring.wording.texts import Part, Text

DAY = date(2025, 3, 1)
CERTAIN = WordPairs(use="word_pairs", levels=("A",), lexicons=("pairs", "own"))
DOUBTFUL = WordPairs(use="word_pairs", levels=("B", "C", "P"), lexicons=("pairs", "terms", "own"))
UNCONFIRMED = {"M", "E", "Y(M)"}

# Words that only touch, and legal words that hold a wrong form: one sentence each.
TOUCHING = """
想必竟然如此，值得工作崇拜者深思，本题高频出现。
坚持以经济建设为中心，研究解决对策，表决对象和结果公开。
在次年、在次日办理，目的到此为止，的到来令人高兴。
因该项目延期，因该合同无效，8月未发现问题，两个月未更新。
动态要闻栏目两周未更新，多措并举解决择校问题。
按装备清单验收，按装修合同付款，过渡假设成立，严峻工作形势。
既使群众满意又使企业受益，除了望台外，为了望塔的安全。
认证卷宗齐全，公证卷宗归档，认识不能自己得出。
国家俱乐部、大家俱乐部，奔驰聘请技师，荣膺品牌企业。
围攻府城三月，发布署名文章，公布署名作品，开发韧性城市，动脉博物展。
肮脏款式、心脏款项，感冒然后请假，金融恰逢改革，问斩新党。
整治逾期未还，医治逾百人，揭秘决定过程，刹那怕也来不及。
究竟争什么，究竟赛程如何，毕竟聘期未满，恢复盖章，批复盖章。
情感概念、性质感概括，记录象棋比赛，拍摄象征意义的画面。
等待慢车，对待慢性病患者，接待慢了，无偿试用，有偿试点。
问题纲要、课题纲领，预防害虫，地震摄影展，解决窍门。
逾期未办，学期未考试的学生，当年未结余，2024年未考核人员，2023年未决算。
当前题目、考前题海，随即然后，安装钉子，报名截止8月1日。
校园满意度、公园满员、幼儿园满三周岁，成功坚守，成功关键，气功关注。
创业迹象、农作业迹地，系统记录、传统记忆，提供献血服务，刊登计划。
通报消息、海报消防知识，一批露天煤矿，提共建方案，配偶而言，成就象征。
检查官员、检查官方网站，检查长三角分中心，检查院落卫生。
通过份额转让，构造形式，创造形成，承人材料，应急待命，综合症状。
幼儿圆梦计划，取消毁约条款，自尊守护，诸侯选址，当时侯某在场。
付主任主持会议，付校长带队，由付局长负责，设计画册，统计画像。
引爆光伏产业，风暴光顾沿海，马松驰援灾区，拍打腊肉，搬迁徒步者。
接种不良反应情况监测，化学反应问题，法制社会宣传，市法制政府网站。
市政信息、财政信息、行政信息、时政信息公开，观察日常事物的变化。
政府信息公开开展情况，企业主主动公开，办公室室内温度适宜。
""".strip()


def read(check: WordPairs, words: str, day: date | None = DAY) -> list[tuple[str, str, str]]:
    text = Text([Part(words, "paragraph")], shipped(), day)
    return [(hit.outcome, hit.key, hit.values["wrong"]) for hit in check.hits(text, DAY)]


def entries(*names: str) -> list[Entry]:
    return [entry for entry in shipped().entries if entry.lexicon in names]


@pytest.mark.parametrize("sentence", TOUCHING.split("\n"))
def test_words_that_only_touch_are_no_slips(sentence: str) -> None:
    assert [*read(CERTAIN, sentence), *read(DOUBTFUL, sentence)] == []


def test_every_pair_without_a_guard_is_found() -> None:
    words = [word for entry in entries("pairs") if entry.guard is None for word in entry.find]
    found = {wrong for _, _, wrong in [*read(CERTAIN, "。\n".join(words)), *read(DOUBTFUL, "。\n".join(words))]}
    assert found == set(words)
    assert len(entries("pairs")) == 330  # 323 pairs, 7 redundant turns


def test_right_forms_are_never_told() -> None:
    rights = [entry.data["right"] for entry in entries("pairs", "terms")]
    words = "。\n".join(right if isinstance(right, str) else "、".join(right) for right in rights)
    assert [*read(CERTAIN, words), *read(DOUBTFUL, words)] == []


def test_only_pairs_with_a_confirmed_source_are_failures() -> None:
    plain = [entry for entry in entries("pairs") if entry.data["level"] == "A" and entry.guard is None]
    for entry in plain:
        ((outcome, _, _),) = read(CERTAIN, f"我们看到{entry.find[0]}了。")
        assert (outcome == "fail") == bool(set(entry.data["from"]) - UNCONFIRMED), entry.find


def test_doubtful_places_lower_a_certain_slip() -> None:
    assert read(CERTAIN, "会议布署冬季工作。") == [("fail", "wrong", "布署")]
    for words in (
        "学习《布署与落实》。",
        "标语写着“布署落实”。",
        "会议布 署冬季工作。",
        "部署误写为布署的，退回。",
        "陈松驰",
    ):
        assert [outcome for outcome, _, _ in read(CERTAIN, words)] == ["needs_review"], words
    assert read(DOUBTFUL, "《帐户管理》“帐户”") == []


def test_guarded_pairs_are_found_in_their_context() -> None:
    slips = {
        "活动园满结束。": "园满", "打好脱贫功坚战。": "功坚", "向上级反应情况。": "反应情况",
        "逾期不办，做好年未总结。": "年未", "组织期未考试。": "期未", "请登陆系统填报。": "登陆",
        "发布招聘启示。": "启示", "数据截止目前有三项。": "截止",
        "人民检查院提起公诉。": "检查院", "他担任付局长。": "付局长", "既使有困难也要上。": "既使",
        "在森林了望塔值守。": "了望塔", "办公室处理日常事物。": "日常事物", "推动依申公开。": "依申公开",
    }  # fmt: skip
    for sentence, wrong in slips.items():
        assert [hit[2] for hit in [*read(CERTAIN, sentence), *read(DOUBTFUL, sentence)]] == [wrong], sentence


def test_each_form_has_its_own_right_one() -> None:
    text = Text([Part("森林了望哨和了望台。", "paragraph")], shipped(), DAY)
    rights = [hit.values["right"] for hit in DOUBTFUL.hits(text, DAY)]
    assert rights == ["瞭望哨", "瞭望台"]
