"""The kinds a branch starts with. Names, order, length and agenda chips may be changed; behaviour is code."""

from django.db import migrations

# slug, names, short names, behaviour, can vote, minutes, agenda chips (zh, en)
KINDS = [
    ("general_meeting", "支部党员大会", "General membership meeting", "大会", "General meeting", "general", True, 90,
     ["听取支委会工作报告", "讨论接收预备党员", "讨论预备党员转正", "通报党费收缴情况", "学习上级文件"],
     ["Report of the branch committee", "Admission of a probationary member", "Grant of full membership",
      "Dues collected", "Study of documents from above"]),
    ("committee_meeting", "支部委员会会议", "Branch committee meeting", "支委会", "Committee meeting", "committee", True, 60,
     ["学习上级文件", "传达会议精神", "研究下月工作", "研究发展党员", "研究主题党日方案", "党费收缴"],
     ["Study of documents from above", "Report on a meeting above", "Next month's work", "Membership development",
      "Plan of the theme day", "Dues"]),
    ("group_meeting", "党小组会", "Party group meeting", "小组会", "Group meeting", "group", False, 60,
     ["学习讨论", "交流思想和工作", "落实支部安排", "征求对支部的意见"],
     ["Study and discussion", "Exchange on work", "Carrying out the branch's decisions", "Opinions on the branch's work"]),
    ("party_lecture", "党课", "Party lecture", "党课", "Lecture", "general", False, 60,
     ["书记讲党课", "集中学习", "交流讨论"], ["Lecture by the secretary", "Study together", "Discussion"]),
    ("theme_day", "主题党日", "Theme Party day", "主题党日", "Theme day", "general", False, 120,
     ["集中学习", "志愿服务", "参观学习", "民主议事", "交纳党费"],
     ["Study together", "Volunteer service", "Visit", "Democratic deliberation", "Dues paid"]),
    ("life_meeting", "组织生活会", "Organizational life meeting", "组织生活会", "Life meeting", "general", False, 120,
     ["通报上年度整改情况", "支委会对照检查", "批评与自我批评", "明确整改措施"],
     ["Last year's rectification", "The committee's self-examination", "Criticism and self-criticism", "Rectification measures"]),
    ("member_appraisal", "民主评议党员", "Democratic appraisal of members", "民主评议", "Appraisal", "general", False, 90,
     ["个人自评", "党员互评", "民主测评", "组织评定"],
     ["Self-assessment", "Peer assessment", "Poll", "Evaluation by the organization"]),
    ("talk", "谈心谈话", "Heart-to-heart talk", "谈心", "Talk", "talk", False, 30, [], []),
    ("group_study", "集中学习", "Group study", "集中学习", "Group study", "invited", False, 60,
     ["学习上级文件", "观看学习片", "交流讨论"], ["Study of documents", "A film", "Discussion"]),
    ("volunteer_service", "志愿服务", "Volunteer service", "志愿服务", "Volunteer service", "invited", False, 120, [], []),
    ("election_meeting", "换届选举大会", "Election meeting", "换届选举", "Election", "general", True, 120,
     ["上届支委会工作报告", "通过选举办法", "投票选举", "宣布结果"],
     ["Report of the outgoing committee", "Election procedure", "Ballot", "Results"]),
    ("year_plan", "年度工作计划", "Yearly work plan", "年度计划", "Year plan", "paper", False, 30, [], []),
    ("year_summary", "年度工作总结", "Yearly work summary", "年度总结", "Year summary", "paper", False, 30, [], []),
    ("other", "其他活动", "Other activity", "其他", "Other", "invited", False, 60, [], []),
]  # fmt: skip


def load(apps, schema_editor) -> None:  # noqa: ANN001
    kind = apps.get_model("activities", "ActivityKind")
    for order, (slug, zh, en, short_zh, short_en, behaviour, vote, length, topics_zh, topics_en) in enumerate(KINDS):
        kind.objects.create(
            slug=slug, name_zh=zh, name_en=en, short_zh=short_zh, short_en=short_en, behaviour=behaviour, can_vote=vote,
            minutes_long=length, topics_zh=topics_zh, topics_en=topics_en, order=order,
        )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("activities", "0002_filed_is_immutable")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
