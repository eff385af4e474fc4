"""Words that the sheets use: skills, occupations and products, with the headers of every sheet."""

from __future__ import annotations

from typing import NamedTuple


class Skill(NamedTuple):
    """Name, domain, course scheme (cert, special, micro) and standard course length in hours."""

    name: str
    domain: str
    scheme: str
    hours: int


class Product(NamedTuple):
    """Product of the craft enterprises; standard time in minutes, piece rate in yuan."""

    name: str
    english: str
    family: str
    skills: tuple[str, ...]
    minutes: float
    rate: float


SKILLS: dict[str, Skill] = {
    "K01": Skill("家庭保洁", "care", "cert", 24),
    "K02": Skill("家常菜烹饪", "care", "cert", 40),
    "K03": Skill("衣物洗熨收纳", "care", "micro", 16),
    "K04": Skill("整理收纳", "care", "special", 40),
    "K05": Skill("母婴护理", "care", "cert", 80),
    "K06": Skill("育婴照护", "care", "cert", 100),
    "K07": Skill("幼儿托管看护", "care", "cert", 80),
    "K08": Skill("老年人生活照料", "care", "cert", 80),
    "K09": Skill("失能老人照护", "care", "cert", 100),
    "K10": Skill("助餐助浴助行", "care", "micro", 24),
    "K11": Skill("陪诊陪护", "care", "micro", 24),
    "K12": Skill("急救与心肺复苏", "care", "micro", 16),
    "K13": Skill("公共区域保洁", "property", "micro", 16),
    "K14": Skill("垃圾分类指导", "property", "micro", 8),
    "K15": Skill("绿化养护修剪", "greening", "cert", 40),
    "K16": Skill("保安值守", "property", "cert", 80),
    "K17": Skill("物业客服", "property", "micro", 24),
    "K18": Skill("水电小修", "property", "special", 56),
    "K19": Skill("商超理货", "retail", "micro", 16),
    "K20": Skill("收银结算", "retail", "cert", 24),
    "K21": Skill("便利店经营", "retail", "micro", 24),
    "K22": Skill("快递分拣代收", "delivery", "micro", 16),
    "K23": Skill("快递派送", "delivery", "cert", 80),
    "K24": Skill("网店开设与上架", "ecommerce", "cert", 40),
    "K25": Skill("直播带货", "ecommerce", "cert", 40),
    "K26": Skill("短视频拍摄剪辑", "ecommerce", "special", 40),
    "K27": Skill("网店客服", "ecommerce", "micro", 24),
    "K28": Skill("跨境电商基础", "ecommerce", "special", 56),
    "K29": Skill("打包发货", "ecommerce", "micro", 8),
    "K30": Skill("棒针编织", "craft", "cert", 40),
    "K31": Skill("钩针钩织(勾线)", "craft", "cert", 40),
    "K32": Skill("平缝机操作", "craft", "cert", 56),
    "K33": Skill("手缝锁边", "craft", "micro", 16),
    "K34": Skill("裁片下料", "craft", "cert", 40),
    "K35": Skill("毛绒玩偶充棉整形", "craft", "micro", 16),
    "K36": Skill("刺绣贴布", "craft", "cert", 56),
    "K37": Skill("绒花缠花发簪", "craft", "special", 40),
    "K38": Skill("工艺贴画制作", "craft", "special", 24),
    "K39": Skill("剪纸香包", "craft", "special", 24),
    "K40": Skill("质检与返工", "craft", "micro", 16),
}

OCCUPATIONS: dict[str, tuple[str, ...]] = {
    "care": (
        "家政服务员",
        "养老护理员",
        "保育师",
        "婴幼儿发展引导员",
        "医疗护理员",
        "健康照护师",
        "老年人能力评估师",
    ),
    "property": (
        "保洁员",
        "生活垃圾清运工",
        "保安员",
        "物业管理师",
        "停车管理员",
    ),
    "greening": ("园林绿化工",),
    "retail": (
        "商品营业员",
        "收银员",
        "理货员",
        "仓储管理员",
        "摊商",
    ),
    "delivery": (
        "快递员",
        "快件处理员",
        "网约配送员",
        "快递站点管理师",
    ),
    "ecommerce": (
        "电子商务师",
        "互联网营销师",
        "呼叫中心服务员",
    ),
    "craft": (
        "缝纫工",
        "裁剪工",
        "缝纫品整型工",
        "绒线编织拼布工",
        "玩具制作工",
        "抽纱刺绣工",
        "民间工艺品制作工",
        "工艺画制作工",
        "民间工艺品艺人",
        "玩具设计师",
        "工艺美术品设计师",
        "包装工",
    ),
}
"""Occupation names by skill domain."""

PRODUCTS: dict[str, Product] = {
    "G01": Product("毛绒玩偶", "Plush doll", "毛绒玩具", ("K32", "K35"), 38, 15.0),
    "G02": Product("毛绒挂件", "Plush charm", "毛绒玩具", ("K32", "K35"), 18, 7.0),
    "G03": Product("毛绒抱枕", "Plush cushion", "毛绒玩具", ("K32", "K35"), 30, 12.0),
    "G04": Product("棉花娃娃衣服", "Cotton-doll outfit", "毛绒玩具", ("K32", "K34"), 45, 17.5),
    "G05": Product("毛绒手偶", "Hand puppet", "毛绒玩具", ("K32", "K35"), 32, 12.5),
    "G06": Product("毛绒钥匙扣", "Plush key ring", "毛绒玩具", ("K33", "K35"), 12, 4.5),
    "G07": Product("钩织玩偶", "Crochet doll (amigurumi)", "毛线装饰", ("K31",), 150, 59.0),
    "G08": Product("钩织挂件", "Crochet charm", "毛线装饰", ("K31",), 40, 15.5),
    "G09": Product("钩织花束", "Crochet bouquet", "毛线装饰", ("K31",), 180, 70.5),
    "G10": Product("钩织包包", "Crochet bag", "毛线装饰", ("K31",), 240, 94.0),
    "G11": Product("毛线发夹", "Yarn hair clip", "毛线装饰", ("K31",), 20, 8.0),
    "G12": Product("手工毛线帽", "Hand-knit hat", "毛线装饰", ("K30",), 120, 47.0),
    "G13": Product("手工围巾", "Hand-knit scarf", "毛线装饰", ("K30",), 200, 78.5),
    "G14": Product("编织杯垫", "Woven coaster", "毛线装饰", ("K30",), 25, 10.0),
    "G15": Product("编织挂毯", "Macrame wall hanging", "毛线装饰", ("K30",), 160, 62.5),
    "G16": Product("麦秆贴画", "Wheat-straw picture", "工艺贴画", ("K38",), 110, 43.0),
    "G17": Product("布艺贴画", "Fabric picture", "工艺贴画", ("K38",), 70, 27.5),
    "G18": Product("羽毛贴画", "Feather picture", "工艺贴画", ("K38",), 80, 31.5),
    "G19": Product("树叶贴画", "Leaf picture", "工艺贴画", ("K38",), 45, 17.5),
    "G20": Product("绒花头簪", "Velvet-flower hairpin", "非遗手作", ("K37",), 95, 37.0),
    "G21": Product("缠花发饰", "Silk-wrapped hair ornament", "非遗手作", ("K37",), 85, 33.5),
    "G22": Product("香囊香包", "Scented sachet", "非遗手作", ("K33", "K39"), 35, 13.5),
    "G23": Product("虎头鞋帽", "Tiger-head shoes and hat", "非遗手作", ("K33", "K36"), 260, 102.0),
    "G24": Product("剪纸窗花", "Paper-cut window flower", "非遗手作", ("K39",), 30, 12.0),
}
