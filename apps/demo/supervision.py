"""What was found in the branches of the demonstration and what became of it, written through the services by those it is for."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone, translation

from apps.accounts.models import User
from apps.branches.models import Organization, Person, Post
from apps.branches.reach import reach_of
from apps.supervision import checklist
from apps.supervision.models import Rectification
from apps.supervision.services import help as help_plans
from apps.supervision.services import ledger, visits

Source, Nature, Category = Rectification.Source, Rectification.Nature, Rectification.Category


@dataclass(frozen=True, slots=True)
class Case:
    """A row in days from today; `way` are progress lines (days ago, text), then how it ended."""

    branch: str
    problem: str
    found: int
    nature: str
    due: int | None
    source: str
    category: str
    basis: str = ""
    label: str = ""
    measures: tuple[str, ...] = ()
    owner: str = ""  # a name, or a post
    way: tuple[tuple[int, str], ...] = ()
    end: str = ""  # asked, returned, closed, ongoing
    end_text: str = ""


CASES = (
    Case(
        "一车间", "第二、第三小组上月党小组会没有开", -34, Nature.BY_DATE, 9, Source.VISIT, Category.ORGANIZATIONAL_LIFE,
        "《中国共产党支部工作条例（试行）》第十六条", "党总支督导", ("补开两次党小组会", "写进支部月历，提前三天提醒组长"), "张强",
        ((-20, "第二小组已补开，记录已归档"),),
    ),
    Case(
        "一车间", "活动室制度没有上墙", -34, Nature.AT_ONCE, None, Source.VISIT, Category.POSITION, "", "党总支督导",
        ("做好制度展板并上墙",), "陈静", ((-30, "展板做好，已上墙"),), "closed", "现场看过，属实",
    ),
    Case(
        "一车间", "党费收缴公示晚了一个月", -34, Nature.BY_DATE, -4, Source.VISIT, Category.INSTITUTIONS, "党务公开有关要求", "党总支督导",
        ("按月公示，月底前贴到公开栏",), "赵军",
    ),
    Case(
        "一车间", "班子成员下班组谈心偏少", -300, Nature.LONG_TERM, None, Source.LIFE_MEETING, Category.MASSES, "", "上年度组织生活会",
        ("每名支委每季度到班组谈心一次",), Post.Kind.SECRETARY.value, ((-200, "二季度谈心 9 人次"), (-110, "三季度谈心 12 人次")),
    ),
    Case(
        "一车间", "夜班党员反映学习资料领不到", -16, Nature.BY_DATE, 5, Source.OPINIONS, Category.STUDY, "", "书面征求意见",
        ("资料放到夜班工具间，由组长领取",), "吴磊", ((-9, "已在工具间放好资料架"),), "asked", "资料架用了一周，夜班都能领到",
    ),
    Case(
        "装配车间", "缺书记三个月，支部工作没人统筹", -26, Nature.BY_DATE, 20, Source.VISIT, Category.ORGANIZATIONAL_LIFE,
        "《中国共产党支部工作条例（试行）》第二十一条", "厂党委督导", ("副书记主持期间每月报一次安排",), "唐丽",
    ),
    Case(
        "装配车间", "主题党日记录只有照片，没有内容", -26, Nature.BY_DATE, -6, Source.VISIT, Category.INSTITUTIONS, "", "厂党委督导",
        ("补写上季度三次记录",), "魏然", ((-12, "补写了两次"),), "returned", "还差一次，内容写清楚再报",
    ),
    Case(
        "检验室", "党员少，党课只读文件", -60, Nature.BY_DATE, -30, Source.INSPECTION, Category.STUDY, "", "上半年检查",
        ("和一车间联合上党课",), "马骏", ((-40, "和一车间联合上了一次党课"),), "closed", "已和一车间定好每季度联合一次",
    ),
    Case(
        "流动党员", "三名流动党员两个月没联系上", -20, Nature.BY_DATE, 8, Source.INSPECTION, Category.MEMBERS,
        "流动党员管理有关要求", "季度核对", ("逐人打电话，落实联系人",), "安小然", ((-11, "两人已联系上"),), "asked", "三人都已联系上，联系人已登记",
    ),
    Case(
        "离退休", "行动不便的老党员送学不经常", -400, Nature.LONG_TERM, None, Source.LIFE_MEETING, Category.STUDY, "", "前年组织生活会",
        ("每月送学上门一次",), "梁栋", ((-330, "七名老党员都有人结对"),), "ongoing", "保持下去，年底再看",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Look:
    """A visit: by the level above its branch, or by the branch itself. `problems`: text and days until it is to be put right."""

    branch: str
    topic: str
    on: int
    own: bool = False
    record: str = ""
    met: str = ""
    problems: tuple[tuple[str, int], ...] = ()
    answers: tuple[tuple[str, str, str], ...] = ()


LOOKS = (
    Look(
        "检验室", "三季度督导", -70, record="人少，活动和一车间一起办，记录齐全。党课形式可以再活一些。", met="书记和两名党员",
        problems=(("支部公开栏三个月没有更新", -40),), answers=(("room", "fine", ""), ("originals", "fine", "签字齐全")),
    ),
    Look("检验室", "四季度督导", 0),
    Look("装配车间", "四季度督导", 6),
    Look("流动党员", "年底前走访", 9),
    Look(
        "一车间", "监督例会", -25, own=True, record="查了上月签到表和党费收缴，见了四名组长。", met="四名组长",
        problems=(("第四小组签到表有代签", 3),), answers=(("originals", "problem", "一张代签"), ("talked", "fine", "")),
    ),
)  # fmt: skip


def supervise(organizations: list[Organization], today: date) -> None:
    branches = {branch.short_name: branch for branch in organizations}
    people = {person.name: person for person in Person.objects.filter(organization__in=branches.values())}
    staff = {post.organization_id: post.person for post in _staff()}
    for case in CASES:
        branch = branches[case.branch]
        own = case.source in (Source.LIFE_MEETING, Source.OPINIONS)
        checking = None if own else branch.parent
        _play(case, branch, checking, _keeper(branch, today), _user(staff[branch.parent_id], today), people, today)
    for number, look in enumerate(LOOKS):
        branch = branches[look.branch]
        at = branch if look.own else branch.parent
        by = _keeper(branch, today) if look.own else _user(staff[branch.parent_id], today)
        team = [people["赵军"]] if look.own else [by.person, *([people["李芳"]] if look.branch == "检验室" else [])]
        _look(look, at, branch, by, team, today, number)
    _help(branches["装配车间"], staff, today)


def _help(branch: Organization, staff: dict[int, Person], today: date) -> None:
    """One branch that the level above helps back on its feet."""
    by = _user(staff[branch.parent_id], today)
    begun = today - timedelta(days=45)
    plan = help_plans.plan_set(
        committee=branch.parent, branch=branch, by=by, now=_moment(begun), causes="书记调走后没有接上，副书记兼着车间生产，会议常常推后。",
        goal="书记到位，三会一课按时开。", helper="何伟 党总支党务工作者", starts_on=begun, ends_on=today + timedelta(days=75),
        measures=["一个月内提出书记人选", "党总支每月参加一次支委会", "两名老党员帮带新支委"],
    )  # fmt: skip
    keeper = _keeper(branch, today)
    help_plans.plan_note(
        plan=plan, by=keeper, now=_moment(today - timedelta(days=20)), text="人选谈过话，等党总支研究。", done=[3]
    )  # fmt: skip
    help_plans.plan_review(
        plan=plan, by=by, now=_moment(today - timedelta(days=8)), text="本月支委会按时开了，人选下月提交。", ends=False
    )  # fmt: skip


def _look(
    look: Look, at: Organization, branch: Organization, by: User, team: list[Person], today: date, number: int
) -> None:
    day = today + timedelta(days=look.on)
    (visit,) = visits.visit_plan(
        organization=at, branches=[branch], topic=look.topic, starts_on=day, ends_on=day + timedelta(days=0 if look.own else 1),
        team=team, by=by, today=min(day, today), request_key=f"demo{number}",
    )  # fmt: skip
    if not look.record:
        return
    typed = {
        "held_on": [day.isoformat()],
        "way": ["listened", "checked", "called"],
        "met": [look.met],
        "record": [look.record],
    }
    for key, state, note in look.answers:
        typed |= {f"ans-{key}": [state], f"note-{key}": [note]}
    for place, (problem, days) in enumerate(look.problems, 1):
        due = (today + timedelta(days=days)).isoformat()
        typed |= {f"f{place}-problem": [problem], f"f{place}-nature": ["by_date"], f"f{place}-due": [due]}
    now = _moment(day)
    with translation.override("zh-hans"):
        version = visits.visit_save(visit=visit, by=by, now=now, version=visit.version, typed=typed)
        known = checklist.known_of(visit, day)
        visits.visit_close(visit=visit, by=by, now=now, version=version, known=known)


def _moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(10, 20)))


def _staff() -> list[Post]:
    return list(Post.objects.filter(kind=Post.Kind.AFFAIRS_WORKER, ends_before=None).select_related("person__user"))


def _keeper(branch: Organization, today: date) -> User:
    """Who writes for the branch: its secretary, else the deputy."""
    posts = Post.objects.on(today).filter(organization=branch, kind__in=Post.LEADERS).select_related("person__user")
    return _user(min(posts, key=lambda post: post.kind != Post.Kind.SECRETARY).person, today)


def _user(person: Person, today: date) -> User:
    user: User = person.user
    user.reach = reach_of(user, today)
    return user


def _play(
    case: Case, branch: Organization, checking: Organization | None, keeper: User, worker: User, people: dict[str, Person],
    today: date,
) -> None:  # fmt: skip
    def at(days: int) -> datetime:
        return _moment(today + timedelta(days=days))

    found = today + timedelta(days=case.found)
    row = ledger.open(
        organization=branch, checking=checking, by=worker if checking else keeper, now=at(case.found), found_on=found,
        problem=case.problem, source=case.source, source_label=case.label, category=case.category, basis=case.basis,
        nature=case.nature, due_on=today + timedelta(days=case.due) if case.due is not None else None,
    )  # fmt: skip
    row = ledger.measures_add(row=row, by=keeper, now=at(case.found + 1), texts=case.measures)
    owner = people.get(case.owner)
    row = ledger.owner_set(
        row=row, by=keeper, now=at(case.found + 1), version=row.version, owner=owner, owner_post="" if owner else case.owner
    )  # fmt: skip
    last = case.found + 1
    for days, text in case.way:
        row = ledger.progress_note(row=row, by=keeper, now=at(days), text=text, on=today + timedelta(days=days))
        last = days
    if not case.end:
        return
    row = ledger.measures_done(row=row, by=keeper, now=at(last + 1), done=range(1, 13))
    said = case.end_text if case.end == "asked" else "已按措施办完"
    row = ledger.closing_ask(row=row, by=keeper, now=at(last + 2), text=said)
    if case.end == "returned":
        ledger.closing_return(row=row, by=worker, now=at(last + 4), reason=case.end_text)
    elif case.end in ("closed", "ongoing"):
        ledger.closing_accept(row=row, by=worker, now=at(last + 4), text=case.end_text)
