"""Notices as they are posted. Nothing is guessed: what is not said stays empty."""

from datetime import date, time

import pytest

from apps.activities.notice import Notice, read_notice

TODAY = date(2026, 3, 4)  # a Wednesday

NOTICES = [
    (
        "【会议通知】各位委员：定于3月5日（周四）下午2:30在党员活动室101召开支部委员会会议。议题：1.学习3月通知；2.研究发展党员。请准时参加。",
        Notice(
            ("committee_meeting",),
            date(2026, 3, 5),
            time(14, 30),
            None,
            "党员活动室101",
            ("学习3月通知", "研究发展党员"),
        ),
    ),
    (
        "3月主题党日活动通知\n时间：2026年3月5日 14：30—16：00\n地点：社区广场；\n内容：学雷锋志愿服务\n\n请全体党员佩戴党徽。",
        Notice(("theme_day",), date(2026, 3, 5), time(14, 30), time(16), "社区广场", ("学雷锋志愿服务",)),
    ),
    (
        "明天下午两点半开会",  # spoken numbers are not read: better empty than wrong
        Notice((), date(2026, 3, 5)),
    ),
    (
        "请各位党员本周五晚上7点到二楼会议室参加党员大会暨党课，收到请回复",
        Notice(("general_meeting", "party_lecture"), date(2026, 3, 6), time(19)),
    ),
    (
        "下周一上午9点半在三车间会议室召开第一党小组会\n会议议程：\n一、学习讨论\n二、征求对支部的意见\n特此通知",
        Notice(
            ("group_meeting",), date(2026, 3, 9), time(9, 30), None, "三车间会议室", ("学习讨论", "征求对支部的意见")
        ),
    ),
    ("时间：3.6 上午9:00-10:30\n支委会", Notice(("committee_meeting",), date(2026, 3, 6), time(9), time(10, 30))),
    ("参加公司民主生活会", Notice()),
    ("2025年12月30日召开组织生活会", Notice(("life_meeting",), date(2025, 12, 30))),
    ("12月30日召开换届选举大会", Notice(("election_meeting",), date(2025, 12, 30))),
    ("2月30日开支委会", Notice(("committee_meeting",))),
    ("今天食堂吃饺子", Notice((), TODAY)),
    ("", Notice()),
]


@pytest.mark.parametrize(("text", "read"), NOTICES, ids=[text[:16] for text, _read in NOTICES])
def test_a_notice_is_read(text, read):
    assert read_notice(text, TODAY) == read


def test_topics_are_few_short_and_each_once():
    long = "内容：" + "；".join([f"议题{number}" + "长" * 90 for number in range(30)] + ["重复", "重复"])
    topics = read_notice(long, TODAY).topics
    assert len(topics) == 10
    assert max(map(len, topics)) == 60


@pytest.mark.parametrize("text", ["1" * 5000, "时间：" * 800, "在" * 3000, "议题：" + "1." * 3000, "\n" * 4000 + "周"])
def test_a_strange_text_takes_no_time(text):
    assert isinstance(read_notice(text, TODAY), Notice)
